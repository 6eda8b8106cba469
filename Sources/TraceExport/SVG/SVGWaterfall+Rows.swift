import TraceCore

extension SVGWaterfall {
    /// Draws a line with its upper edge at `top`.
    func write(_ line: SVGLine, at top: Double, to svg: inout XMLWriter) {
        guard let row = line.row else {
            if case .fold(let fold) = line.content { write(fold, line, at: top, to: &svg) }
            return
        }
        let event = trace.events[row.event]
        svg.element(
            "g",
            [
                "class": "wl-row", "data-id": options.text(event.id.text, columns: 80).text,
                "data-kind": event.kind == .transaction ? "transaction" : "span", "data-depth": "\(line.depth)",
                "data-start": "\(event.start - trace.start)", "data-duration": "\(event.duration)",
            ]
        ) { svg in
            svg.element("title", text: tooltip(row, errors: line.errors))
            writeSurface(line, at: top, to: &svg)
            writeGuides(line, at: top, to: &svg)
            writeName(line, at: top + 14, to: &svg)
            writeBar(row, at: top, to: &svg)
            writeNumbers(row, at: top + 14, to: &svg)
        }
    }

    /// Where a line is pointed at.
    func writeSurface(_ line: SVGLine, at top: Double, to svg: inout XMLWriter) {
        svg.element(
            "rect",
            [
                "class": "wl-hit", "x": px(SVGGeometry.margin), "y": px(top),
                "width": px(geometry.width - 2 * SVGGeometry.margin), "height": px(line.height),
            ])
    }

    /// The lines of the tree that lead to a line.
    func writeGuides(_ line: SVGLine, at top: Double, to svg: inout XMLWriter) {
        // Of very deep rows the lines would lead nowhere.
        guard line.depth > 0, line.depth <= SVGGeometry.deepest else { return }
        let (middle, bottom) = (top + SVGLine.rowHeight / 2, top + line.height)
        var path = ""
        for level in 0..<line.depth {
            let x = px(SVGGeometry.margin + Double(line.depth - 1 - level) * SVGGeometry.indent + 4.5)
            let isFollowed = line.followed >> UInt64(level) & 1 == 1
            if level > 0, !isFollowed { continue }
            path += "M\(x) \(px(top))V\(px(isFollowed ? bottom : middle))"
            if level == 0 { path += "M\(x) \(px(middle))h6" }
        }
        if !path.isEmpty { svg.element("path", ["class": "wl-guide", "d": path]) }
    }

    func writeName(_ line: SVGLine, at y: Double, to svg: inout XMLWriter) {
        let name = SVGName(line, of: outline, options, width: geometry.nameWidth)
        var x = name.start
        func put(_ text: String, _ style: String, to svg: inout XMLWriter) {
            if text.isEmpty { return }
            svg.element("text", ["class": style, "x": px(x), "y": px(y)], text: text)
        }
        if isCritical(line) {
            let margin = px(SVGGeometry.margin - 11)
            svg.element("text", ["class": "wl-name wl-strong", "x": margin, "y": px(y)], text: "*")
        }
        put(name.rank, "wl-faint", to: &svg)
        x += Double(name.rank.count) * SVGGeometry.column
        put(name.name.text, line.depth == 0 || line.row == nil ? "wl-name wl-strong" : "wl-name", to: &svg)
        x += Double(name.name.columns) * SVGGeometry.column
        put(name.signs, "wl-bad", to: &svg)
    }

    private func writeBar(_ row: WaterfallLayout.Row, at top: Double, to svg: inout XMLWriter) {
        let (y, height) = trace.events[row.event].kind == .transaction ? (top + 3, 14.0) : (top + 5, 10.0)
        var end: Double?
        for bar in SVGBar.bars(row.stretches, on: scale) {
            let x = bar.x(in: geometry)
            write(bar.fill, work: style(ofWork: row.event), x: x, y: y, width: bar.width, height: height, to: &svg)
            if bar.fill != .delay { end = x + bar.width }
        }
        guard let end, row.flags.contains(.failed) else { return }
        writeCross(x: end + 4, middle: top + SVGLine.rowHeight / 2, to: &svg)
    }

    /// The sign of a failure.
    func writeCross(x: Double, middle: Double, to svg: inout XMLWriter) {
        let (x, top, bottom) = (px(x), px(middle - 3.5), px(middle + 3.5))
        svg.element("path", ["class": "wl-cross", "d": "M\(x) \(top)l7 7M\(x) \(bottom)l7 -7"])
    }

    /// Tasks are drawn in the colour of their states, spans in the hue of their type.
    func style(ofWork event: Int) -> String {
        let event = trace.events[event]
        guard event.kind == .span else { return "wl-work" }
        return "wl-hue\(TypeHue.number(of: trace.symbols[event.subtype ?? event.type]))"
    }

    /// A stretch of a bar; of wait also its outline, so that short ones are seen.
    func write(
        _ fill: BarFill, work: String, x: Double, y: Double, width: Double, height: Double, to svg: inout XMLWriter
    ) {
        let place = ["x": px(x), "y": px(y), "width": px(width), "height": px(height)]
        func rectangle(_ key: String, _ value: String, to svg: inout XMLWriter) {
            svg.element(
                "rect",
                [
                    key: value, "x": place["x", default: ""], "y": place["y", default: ""],
                    "width": place["width", default: ""], "height": place["height", default: ""],
                ])
        }
        switch fill {
        case .work: rectangle("class", work, to: &svg)
        case .own: rectangle("class", "wl-own", to: &svg)
        case .delay: rectangle("fill", "url(#\(options.prefix)-delay)", to: &svg)
        case .wait:
            rectangle("fill", "url(#\(options.prefix)-wait)", to: &svg)
            guard width > 2 else { return rectangle("class", "wl-stripe", to: &svg) }
            svg.element(
                "rect",
                [
                    "class": "wl-outline", "x": px(x + 0.5), "y": px(y + 0.5), "width": px(width - 1),
                    "height": px(height - 1),
                ])
        }
    }

    private func writeNumbers(_ row: WaterfallLayout.Row, at y: Double, to svg: inout XMLWriter) {
        let numbers: [(value: Int64?, style: String)] = [
            (row.total, "wl-number"), (row.breakdown?.wait, "wl-number wl-late"), (row.breakdown?.work, "wl-number"),
        ]
        for (index, number) in numbers.enumerated() {
            guard let value = number.value else { continue }
            let isNothing = value == 0 && index > 0
            svg.element(
                "text",
                [
                    "class": isNothing ? "wl-number wl-faint" : number.style, "x": px(geometry.numberEnds[index]),
                    "y": px(y), "text-anchor": "end",
                ],
                text: isNothing ? "–" : survey.numbers.text(value))
        }
    }

    /// What a cross beside a name means.
    static let errorMeaning = "errors were recorded"

    /// What an asterisk in front of a name means.
    static let criticalMeaning = "on the critical chain, which set the makespan"

    /// What the sign of a moved row means.
    static let movedMeaning = "moved into its parent: the clocks differ"

    /// What a row says when it is pointed at.
    private func tooltip(_ row: WaterfallLayout.Row, errors: Int) -> String {
        let event = trace.events[row.event]
        func text(_ symbol: Symbol?) -> String { options.text(trace.symbols.text(symbol), columns: 120).text }
        func time(_ duration: Int64) -> String { DurationText(fitting: duration, ascii: false).text(duration) }
        var lines = [event.user == nil ? text(event.name) : "\(text(event.user)): \(text(event.name))"]
        let kinds = [event.type, event.subtype, event.action].compactMap { $0.map { trace.symbols[$0] } }
        let kind = options.text(kinds.filter { !$0.isEmpty }.joined(separator: "."), columns: 60).text
        lines.append((event.kind == .transaction ? "transaction " : "span ") + kind + ", " + text(event.service))
        lines.append("\(time(event.start - trace.start)) after the run's start, \(time(event.duration)) long")
        if let breakdown = row.breakdown {
            let sources = breakdown.waitSources.map(\.text).joined(separator: ", ")
            lines.append(
                "total \(time(breakdown.total)), wait \(time(breakdown.wait))\(sources.isEmpty ? "" : " (\(sources))"), "
                    + "work \(time(breakdown.work)), self \(time(breakdown.own)), delay \(time(breakdown.delay))")
        }
        for wait in lineWaits.sums(of: row.event) {
            lines.append("in line \(time(wait.time)) for " + options.text(wait.text, columns: 120).text)
        }
        lines += row.flags.map { "\($0.sign(ascii: false)) \($0.meaning)" }
        if errors > 0 { lines.append("✕ " + CountText.text(errors, "error was", "errors were") + " recorded") }
        if criticalTasks.contains(row.event) { lines.append("* \(Self.criticalMeaning)") }
        if row.isMoved { lines.append("\(SVGName.moved) \(Self.movedMeaning)") }
        return lines.joined(separator: "\n")
    }
}
