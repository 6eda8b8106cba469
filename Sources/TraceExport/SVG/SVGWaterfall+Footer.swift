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
            let all = CountText.text(rows, "row", "rows")
            var reasons = [("folded", outline.folded), ("deeper", outline.closed)].filter { $0.1 > 0 }.map(\.0)
            if shown < outline.entries.count { reasons = [] }
            let reason = reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
            sentences.append("… \(CountText.text(left)) of \(all) not shown" + reason)
        }
        if outline.leftOut > 0 {
            let all = CountText.text(outline.layout.count, "row", "rows")
            sentences.append("… \(CountText.text(outline.leftOut)) of \(all) left out: shown are those \(conditions)")
        }
        return sentences
    }

    /// What rows have to meet to be in the picture.
    private var conditions: String {
        let query = outline.query
        var parts: [String] = []
        if let user = query.user { parts.append("for " + options.text(user, columns: 40).text) }
        if query.failedOnly { parts.append("that failed") }
        if let least = query.minDuration {
            parts.append("of " + DurationText(fitting: least, ascii: false).text(least) + " or more")
        }
        if let text = query.text, !text.isEmpty {
            parts.append("with \u{201C}\(options.text(text, columns: 40).text)\u{201D}")
        }
        if let window = query.window {
            let form = DurationText(
                fitting: Int128(outline.run.length), resolving: window.length, ascii: false)
            let (start, end) = (window.start - outline.run.start, window.end - outline.run.start)
            parts.append("from \(form.text(start)) to \(form.text(end)) of the run")
        }
        return parts.joined(separator: ", ")
    }
}
