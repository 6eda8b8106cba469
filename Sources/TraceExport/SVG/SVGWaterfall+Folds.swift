import TraceCore

extension SVGWaterfall {
    /// Draws equal siblings as one line: how many are open when, and below that each task a thread.
    func write(_ number: Int, _ line: SVGLine, at top: Double, to svg: inout XMLWriter) {
        let fold = outline.folds[number]
        svg.element(
            "g", ["class": "wl-fold", "data-count": "\(fold.count)", "data-depth": "\(line.depth)"]
        ) { svg in
            svg.element("title", text: tooltip(fold))
            writeSurface(line, at: top, to: &svg)
            writeGuides(line, at: top, to: &svg)
            writeName(line, at: top + 14, to: &svg)
            writeStrip(of: number, at: top, to: &svg)
            writeCarpet(of: fold, at: top + SVGLine.stripHeight + 6, to: &svg)
        }
    }

    /// How many members work, and above them how many wait.
    private func writeStrip(of number: Int, at top: Double, to svg: inout XMLWriter) {
        let (running, waiting) = outline.density(ofFold: number, on: fineScale)
        let both = zip(running.means, waiting.means).map { $0 + $1 }
        let bottom = top + SVGLine.stripHeight
        func path(_ values: [Int]) -> String {
            steps(values, most: both.max() ?? 0, bottom: bottom, height: SVGLine.stripHeight - 2)
        }
        if waiting.peak > 0 {
            svg.element("path", ["fill": "url(#\(options.prefix)-wait)", "d": path(both)])
        }
        if running.peak > 0 {
            let first = outline.layout.tree.rows[outline.folds[number].places[0]].event
            svg.element("path", ["class": style(ofWork: first), "d": path(running.means)])
        }
    }

    /// The tasks of a fold below one another, a thread each, where they are too many evenly chosen.
    private func writeCarpet(of fold: WaterfallOutline.Fold, at top: Double, to svg: inout XMLWriter) {
        let rows = SVGLine.threads(of: fold, in: outline)
        guard !rows.isEmpty else { return }
        let height = SVGLine.threadHeight(of: fold)
        let drawn = height > 2 ? height - 1 : height
        var paths: [BarFill: String] = [:]
        var failures = ""
        for (number, row) in rows.enumerated() {
            let y = px(top + Double(number) * height)
            var end: Double?
            for bar in SVGBar.bars(row.stretches, on: scale) {
                let x = bar.x(in: geometry)
                paths[bar.fill, default: ""] += "M\(px(x)) \(y)h\(px(bar.width))v\(px(drawn))h\(px(-bar.width))z"
                if bar.fill != .delay { end = x + bar.width }
            }
            if let end, row.flags.contains(.failed) { failures += "M\(px(end + 1)) \(y)h4v\(px(drawn))h-4z" }
        }
        for fill in BarFill.allCases {
            guard let path = paths[fill] else { continue }
            switch fill {
            case .work: svg.element("path", ["class": style(ofWork: rows[0].event), "d": path])
            case .own: svg.element("path", ["class": "wl-own", "d": path])
            case .wait: svg.element("path", ["fill": "url(#\(options.prefix)-wait)", "d": path])
            case .delay: svg.element("path", ["fill": "url(#\(options.prefix)-delay)", "d": path])
            }
        }
        if !failures.isEmpty { svg.element("path", ["class": "wl-failure", "d": failures]) }
        let words =
            rows.count == fold.count
            ? "a line each" : "\(CountText.text(rows.count)) of them, a line each"
        svg.element(
            "text",
            [
                "class": "wl-words wl-small wl-faint", "y": px(top + 11),
                "x": px(SVGGeometry.margin + Double(min(fold.depth, SVGGeometry.deepest)) * SVGGeometry.indent),
            ],
            text: words)
    }

    private func tooltip(_ fold: WaterfallOutline.Fold) -> String {
        func time(_ duration: Int128) -> String { DurationText(fitting: duration, ascii: false).text(duration) }
        let name = options.text(fold.label, columns: 120).text
        var lines = ["\(CountText.text(fold.count)) × \(name)"]
        lines.append("together total \(time(fold.total)), wait \(time(fold.wait)), work \(time(fold.work))")
        if fold.failed > 0 { lines.append("✕ failed: \(CountText.text(fold.failed))") }
        return lines.joined(separator: "\n")
    }
}
