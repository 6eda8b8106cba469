package import TraceCore

/// What is said of a budget that held: in one line, safe for a terminal.
package struct BudgetText {
    private let budget: Budget
    private let ascii: Bool
    /// So many groups are named.
    private static let mostGroups = 3

    package init(_ budget: Budget, ascii: Bool) {
        self.budget = budget
        self.ascii = ascii
    }

    /// "--fail-if `p95(wait) > 5s` held: it is 5.4s". `breaches` are those of the budget, at least one.
    package func line(_ breaches: [BudgetBreach]) -> String {
        let texts = breaches.prefix(Self.mostGroups).map { breach in
            switch breach.subject {
            case .all: "it is \(value(breach.actual))"
            case .run(let id): "it is \(value(breach.actual)) in run \(name(id.text))"
            case .group(let key):
                key.map { $0.map(name) ?? "(none)" }.joined(separator: ", ") + " has \(value(breach.actual))"
            }
        }
        let rest = breaches.count - texts.count
        let more = rest > 0 ? ", and so do \(Prose.count(rest, "other", "others"))" : ""
        let given = SafeText(budget.text, ascii: ascii).text
        return "--fail-if `\(given)` held: " + texts.joined(separator: "; ") + more
    }

    private func name(_ text: String) -> String { SafeText(name: text, columns: 60, ascii: ascii).text }

    /// Exactly, so that it is seen to be on the wrong side of the limit.
    private func value(_ value: BudgetValue) -> String {
        switch value {
        case .time(let time): Self.time(time, ascii: ascii)
        case .tasks(let tasks): Prose.count(tasks)
        case .share(let share) where share.isRounded: share.tenThousandths == 0 ? "<0.01 %" : ">99.99 %"
        case .share(let share): Self.decimal(Int128(share.tenThousandths), decimals: 2) + " %"
        case .slowdown(let slowdown):
            slowdown.map { Self.decimal($0.tenThousandths, decimals: 4) } ?? "beyond all numbers: nothing worked"
        case .change(let change): self.change(change)
        }
    }

    private func change(_ change: Change) -> String {
        let sides = "(from \(side(change.from)) to \(side(change.to)))"
        guard let size = change.tenThousandths else {
            return change.to == change.from ? "no change from 0" : "a change from 0 \(sides)"
        }
        return (size > 0 ? "+" : size < 0 ? "-" : "") + Self.decimal(Int128(size.magnitude), decimals: 2)
            + " % \(sides)"
    }

    /// One side of a change, in the unit of what the budget looks at.
    private func side(_ number: Int128) -> String {
        switch budget.measure {
        case .report(.statistic), .compared, .makespan: Self.time(number, ascii: ascii)
        case .report(.waitShare): Self.decimal(number, decimals: 2) + " %"
        case .report(.slowdown): Self.decimal(number, decimals: 4)
        case .report(.failed): "\(number)"
        }
    }

    /// To the microsecond, in seconds, ms or µs.
    private static func time(_ time: Int128, ascii: Bool) -> String {
        switch time {
        case 1_000_000...: decimal(time, decimals: 6) + "s"
        case 1_000...: decimal(time, decimals: 3) + "ms"
        default: "\(time)" + DurationUnit.microseconds.symbol(ascii: ascii)
        }
    }

    /// A number of the last decimal's worth, at least 0, without zeros at its end.
    private static func decimal(_ value: Int128, decimals: Int) -> String {
        var digits = String(value)
        digits = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
        let fraction = String(digits.suffix(decimals).reversed().drop { $0 == "0" }.reversed())
        return digits.dropLast(decimals) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
