extension Budget {
    /// Where a budget is used, which decides what it can look at.
    package enum Command: Sendable {
        case report
        case compare
    }

    /// Reads what `--fail-if` takes. Throws where and what was expected.
    ///
    ///     budget:    [each:] measure relation number | change(measure) relation number
    ///     measure:   figure(quantity) | figure:quantity | quantity (its sum)
    ///                | makespan | wait_share | slowdown | failed
    ///     figure:    p50, p99.9, max, mean, sum
    ///     quantity:  total, wait, work, self, delay; in a comparison also duration and turnaround
    ///     relation:  > >= < <= =
    ///     number:    250ms, 1.5s, 2min (times); 10% or 0.1 (wait_share, changes); 3 (failed); 1.5 (slowdown)
    package init(parsing text: String, for command: Command) throws(ExpressionError) {
        var reader = ExpressionReader(text)
        var scope = Scope.overall
        reader.skipBlanks()
        let start = reader.position
        if reader.take("each", ":") {
            guard command == .report else {
                throw ExpressionError(position: start, expected: "no each: here, since a comparison has no groups")
            }
            scope = .each
        }
        reader.skipBlanks()
        let place = reader.position
        if reader.take("change", "(") {
            guard command == .compare else {
                throw ExpressionError(position: place, expected: "a figure of one report: a change takes two (compare)")
            }
            scope = .change
        }
        reader.skipBlanks()
        let measurePlace = reader.position
        let measure = try reader.budgetMeasure(for: command)
        if measure == .makespan, scope == .each {
            throw ExpressionError(
                position: measurePlace, expected: "a figure of a group; the makespan is of a run: leave out each:")
        }
        if scope == .change, !reader.take(")") { throw reader.failure(")") }
        let relation = try reader.relation()
        if measure == .makespan, scope != .change, relation == .equal {
            throw ExpressionError(position: reader.position - 1, expected: ">, >=, < or <=")
        }
        let limit = try reader.limit(scope == .change ? .change : LimitKind(measure))
        try reader.end()
        self.init(text: text, scope: scope, measure: measure, relation: relation, limit: limit)
    }
}

/// What a number can be.
private enum LimitKind {
    case time
    case share
    case ratio
    case count
    case change

    init(_ measure: Budget.Measure) {
        switch measure {
        case .report(.statistic), .compared, .makespan: self = .time
        case .report(.waitShare): self = .share
        case .report(.slowdown): self = .ratio
        case .report(.failed): self = .count
        }
    }

    /// What its units stand for, as fractions.
    var units: [String: (Int128, Int128)] {
        switch self {
        case .time:
            [
                "µs": (1, 1), "\u{3BC}s": (1, 1), "us": (1, 1), "ms": (1_000, 1), "s": (1_000_000, 1),
                "min": (60_000_000, 1), "h": (3_600_000_000, 1),
            ]
        case .share, .change: ["%": (1, 100), "": (1, 1)]
        case .ratio, .count: ["": (1, 1)]
        }
    }

    /// What is expected in the place of a unit.
    var expectedUnit: String {
        switch self {
        case .time: "a unit of time: µs (us), ms, s, min or h"
        case .share, .change: "% or nothing behind the number"
        case .ratio: "a number without a unit"
        case .count: "a number of tasks, without a unit"
        }
    }
}

extension ExpressionReader {
    fileprivate mutating func budgetMeasure(
        for command: Budget.Command
    ) throws(ExpressionError) -> Budget.Measure {
        let before = self
        let (name, _) = word()
        if name == "makespan" { return .makespan }
        guard command == .compare else {
            self = before
            return .report(try measure("makespan, "))
        }
        if let quantity = Self.comparedOnly(name) { return .compared(.sum, quantity) }
        if let figure = StatisticFigure(name) {
            let expected = "\(Self.quantityNames), or duration or turnaround"
            return try argument(expected) { name in
                let report = ReportQuantity(rawValue: name).map { Budget.Measure.report(.statistic(figure, $0)) }
                return report ?? Self.comparedOnly(name).map { .compared(figure, $0) }
            }
        }
        self = before
        return .report(try measure("duration, turnaround, makespan, "))
    }

    private static func comparedOnly(_ name: String) -> ComparedQuantity? {
        ComparedQuantity(rawValue: name).flatMap { $0 == .duration || $0 == .turnaround ? $0 : nil }
    }

    fileprivate mutating func relation() throws(ExpressionError) -> BudgetRelation {
        if take(">") { return takeHere("=") ? .atLeast : .above }
        if take("<") { return takeHere("=") ? .atMost : .below }
        guard take("=") else { throw failure("one of > >= < <= =") }
        return .equal
    }

    /// A number of at most twelve digits and six decimals, and its unit.
    fileprivate mutating func limit(_ kind: LimitKind) throws(ExpressionError) -> BudgetLimit {
        let isNegative = kind == .change && take("-")
        skipBlanks()
        let start = position
        let whole = digits()
        let decimals = !whole.isEmpty && takeHere(".") ? digits() : []
        let hasPoint = position > start + whole.count
        guard 1...12 ~= whole.count, !hasPoint || 1...6 ~= decimals.count else {
            throw ExpressionError(
                position: start, expected: "a number like 5 or 2.5, of at most 12 digits and 6 decimals")
        }
        let number = (whole + decimals).reduce(Int128(0)) { $0 * 10 + Int128($1.value - 48) }
        let scale = Decimals.power(decimals.count)
        skipBlanks()
        let unitPlace = position
        let unit = take("%") ? "%" : word().text
        if let factor = kind.units[unit] ?? (unit.isEmpty && number == 0 ? (1, 1) : nil) {
            return BudgetLimit(
                numerator: (isNegative ? -number : number) * factor.0, denominator: scale * factor.1)
        }
        throw ExpressionError(position: unitPlace, expected: kind.expectedUnit)
    }
}
