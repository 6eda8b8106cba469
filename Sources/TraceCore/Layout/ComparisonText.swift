extension Change {
    /// As a percentage with a sign and one decimal: `-90.7 %`; nil from 0. What is not nothing is never rounded to it,
    /// nor what does not lead to nothing to a change that does.
    package var text: String? {
        guard let change = tenThousandths else { return nil }
        if from == to { return "0.0 %" }
        let sign = to < from ? "-" : "+"
        let tenths = (Int128(change.magnitude) + 5) / 10
        if tenths == 0 { return sign + "<0.1 %" }
        if to > 0, to < from, tenths == 1_000 { return sign + ">99.9 %" }
        return tenths > 9_999_999 ? sign + ">999 999 %" : sign + Decimals.text(tenths, decimals: 1) + " %"
    }
}

extension RankTest {
    /// Its p with four decimals: `0.0312`, `<0.0001`.
    package var pText: String {
        p < 0.0001 ? "<0.0001" : Decimals.text(Int128((p * 10_000).rounded()), decimals: 4)
    }
}

extension RankTest.Kind {
    /// As it is called.
    package var text: String {
        switch self {
        case .wilcoxon: "Wilcoxon"
        case .mannWhitney: "Mann-Whitney"
        }
    }
}

extension Comparison.Quantity {
    /// Whether the change is real: `real` or `~`.
    package var mark: String { isReal ? "real" : "~" }

    /// Its p, or that there is none.
    package var testText: String { test?.pText ?? "untested" }

    /// The change of its median; nil where there is none to be told.
    package var changeText: String? {
        guard counts.a > 0, counts.b > 0 else { return nil }
        return change.text ?? (b.p50 > 0 ? "from 0" : nil)
    }

    /// What became of its median: `the median work went from 2.10s to 1.00s (-52.4 %, p <0.0001)`.
    fileprivate func moved(isFirst: Bool = false, ascii: Bool) -> String {
        let form = DurationText(fitting: max(a.p50, b.p50), ascii: ascii)
        let subject = "the median \(quantity.rawValue)"
        let (old, new) = (form.text(a.p50), form.text(b.p50))
        if old == new { return "\(subject) stayed at \(old)" }
        let facts = [change.text, isReal ? test.map { "p \($0.pText)" } : test == nil ? "untested" : "~"]
        let remark = facts.compactMap(\.self).joined(separator: ", ")
        return "\(subject) \(isFirst ? "went " : "")from \(old) to \(new) (\(remark))"
    }
}

extension Comparison {
    /// The verdict in a sentence, with the figures that it follows from: what it says, and why.
    package func verdictText(ascii: Bool) -> (claim: String, figures: String) {
        func figures(_ quantities: ComparedQuantity...) -> String {
            let moves = quantities.enumerated().map { self[$1].moved(isFirst: $0 == 0, ascii: ascii) }
            guard let last = moves.last, moves.count > 1 else { return moves.joined() }
            return moves.dropLast().joined(separator: ", ") + " and " + last
        }
        switch verdict {
        case .measurement:
            return ("the measurement changed, the speed did not", figures(.duration, .work, .turnaround))
        case .work:
            let isSlower = self[.work].change.to > self[.work].change.from
            return ("the tasks themselves became \(isSlower ? "slower" : "faster")", figures(.work))
        case .scheduling:
            return ("the scheduling changed", figures(.turnaround, .work))
        case .none where isTested:
            return ("no real change", figures(.duration, .work, .turnaround))
        case .none:
            let fewer =
                a.tasks < b.tasks ? "A has \(a.tasks)" : b.tasks < a.tasks ? "B has \(b.tasks)" : "both have \(a.tasks)"
            return ("too few to tell", "a test takes 8 tasks a side, and \(fewer); " + figures(.work, .turnaround))
        }
    }
}
