import TraceCore

extension SVGWaterfall {
    /// Says below the rows what was not drawn, and what the signs mean; where the picture ends.
    func writeFoot(at top: Double, to svg: inout XMLWriter) -> Double {
        var y = top + 8
        svg.element(
            "path",
            [
                "class": "wl-rule",
                "d": "M\(px(SVGGeometry.margin)) \(px(top + 2.5))H\(px(geometry.width - SVGGeometry.margin))",
            ])
        // Whoever has gone down a long picture finds the times again.
        if lines.count > 40 {
            writeAxis(at: top + 18, to: &svg)
            y += 18
        }
        for sentence in leftOut {
            y = flow([(sentence, "wl-strong", 0)], at: y + 12, column: 7.2, height: 6, to: &svg)
        }
        var signs: [SVGPart] = EventFlag.allCases.filter { $0 != .failed && survey.flags.contains($0) }.map {
            ("\($0.sign(ascii: false)) \($0.meaning)", "wl-faint", 18)
        }
        if lines.contains(where: \.hasLooseErrors) { signs.append(("✕ \(Self.errorMeaning)", "wl-faint", 18)) }
        if survey.hasMoved { signs.append(("\(SVGName.moved) \(Self.movedMeaning)", "wl-faint", 18)) }
        if lines.contains(where: isCritical) { signs.append(("* \(Self.criticalMeaning)", "wl-faint", 18)) }
        if !signs.isEmpty { y = flow(signs, at: y + 12, column: 6.9, height: 18, to: &svg) - 12 }
        return y
    }

    /// How many rows are not in the picture, since they are too many, folded or filtered.
    private var leftOut: [String] {
        var sentences: [String] = []
        let rows = outline.layout.count - outline.leftOut
        let left = rows - Set(lines.lazy.compactMap { $0.row?.event }).count
        if left > 0 {
            let areFolded = shown == outline.entries.count && outline.folded > 0
            let text = "… \(CountText.text(left)) of \(CountText.text(rows, "row", "rows")) not shown"
            sentences.append(text + (areFolded ? " (folded)" : ""))
        }
        if outline.leftOut > 0 {
            sentences.append("… \(CountText.text(outline.leftOut, "row", "rows")) left out by the filters")
        }
        return sentences
    }
}
