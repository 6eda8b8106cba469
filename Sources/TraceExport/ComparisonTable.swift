package import TraceCore

/// The quantities of a comparison as a table, one a row.
package enum ComparisonTable {
    /// For programs: times in µs, an empty cell where there is no change or no test. Percentiles are given however few
    /// values there are; `n_a` and `n_b` say how many.
    package static func csv(_ comparison: Comparison) -> String {
        var text = "name,n_a,n_b,p50_a_us,p50_b_us,p95_a_us,p95_b_us,change,test,p,real\n"
        for quantity in comparison.quantities {
            var cells = [quantity.quantity.rawValue]
            cells += [quantity.counts.a, quantity.counts.b].map { String($0) }
            cells += [quantity.a.p50, quantity.b.p50, quantity.a.p95, quantity.b.p95].map { String($0) }
            cells += [quantity.change.decimal ?? "", quantity.test?.kind.text ?? ""]
            cells += [quantity.test.map { "\($0.p)" } ?? "", String(quantity.isReal)]
            text += cells.joined(separator: ",") + "\n"
        }
        return text
    }

    /// For people, where Markdown is shown: a comment on a change, say. No name from a trace stands in it.
    package static func markdown(_ comparison: Comparison, ascii: Bool) -> String {
        let none = ascii ? "-" : "–"
        var lines = [
            "| | A p50 | B p50 | A p95 | B p95 | change | test | p | |",
            "|---|--:|--:|--:|--:|--:|---|--:|---|",
        ]
        for quantity in comparison.quantities {
            let (a, b) = (quantity.a, quantity.b)
            let form = DurationText(fitting: [a.p50, b.p50, a.p95, b.p95].max() ?? 0, ascii: ascii)
            let hasTail = (
                a: quantity.counts.a >= Percentile.valuesNeeded(hundredths: 9_500),
                b: quantity.counts.b >= Percentile.valuesNeeded(hundredths: 9_500)
            )
            let cells = [
                quantity.quantity.rawValue, form.text(a.p50), form.text(b.p50),
                hasTail.a ? form.text(a.p95) : none, hasTail.b ? form.text(b.p95) : none,
                quantity.changeText ?? none, quantity.test?.kind.text ?? none,
                quantity.testText, quantity.mark,
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        let verdict = comparison.verdictText(ascii: ascii)
        lines += ["", "**Verdict: \(verdict.claim)**: \(verdict.figures).", ""]
        lines += [("A", comparison.a), ("B", comparison.b)].map { name, side in
            let slots = side.slots.map { ", slots \($0)" } ?? ""
            return "- \(name): runs \(side.runs), tasks \(side.tasks)\(slots)"
        }
        lines.append("- inference \(comparison.inference.rawValue); \(pairing(comparison))")
        return lines.map { $0 + "\n" }.joined()
    }

    private static func pairing(_ comparison: Comparison) -> String {
        guard comparison.isPaired else { return "unpaired" }
        return "users paired \(comparison.usersOnBothSides), left out \(comparison.usersLeftOut)"
    }
}
