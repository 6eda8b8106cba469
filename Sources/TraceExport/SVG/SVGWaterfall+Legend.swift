import TraceCore

extension SVGWaterfall {
    /// What the textures and hues of the bars mean, as far as they occur; where what follows may begin.
    func writeLegend(at y: Double, to svg: inout XMLWriter) -> Double {
        var (x, y) = (SVGGeometry.margin, y)
        /// A sample `width` px wide, and its meaning.
        func add(
            _ words: String, width: Double, to svg: inout XMLWriter, _ draw: (Double, Double, inout XMLWriter) -> Void
        ) {
            let next = x + width + 6 + Double(PictureText(own: words).columns) * 6.5 + 14
            if next > geometry.width, x > SVGGeometry.margin { (x, y) = (SVGGeometry.margin, y + 18) }
            draw(x, y, &svg)
            svg.element("text", ["class": "wl-words wl-faint", "x": px(x + width + 6), "y": px(y)], text: words)
            x += width + 6 + Double(PictureText(own: words).columns) * 6.5 + 14
        }
        for (fill, words) in states where survey.fills.contains(fill) {
            add(words, width: 22, to: &svg) { x, y, svg in
                write(fill, work: "wl-work", x: x, y: y - 10, width: 22, height: 11, to: &svg)
            }
        }
        if survey.flags.contains(.failed) || totals.failed > 0 {
            add("failed", width: 8, to: &svg) { writeCross(x: $0, middle: $1 - 4.5, to: &$2) }
        }
        for (hue, types) in survey.types.sorted(by: { $0.key < $1.key }) {
            let names = types.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let words = names.prefix(3).map { options.text($0, columns: 16).text }.joined(separator: ", ")
            add(words + (names.count > 3 ? ", …" : ""), width: 12, to: &svg) { x, y, svg in
                write(.work, work: "wl-hue\(hue)", x: x, y: y - 9, width: 12, height: 9, to: &svg)
            }
        }
        return y + 10
    }

    private var states: [(BarFill, String)] {
        let sources = totals.waitSources.map(\.text).joined(separator: ", ")
        return [
            (.work, "work"), (.own, "self (own code)"), (.wait, sources.isEmpty ? "wait" : "wait (\(sources))"),
            (.delay, "delay: before the task was opened"),
        ]
    }
}
