extension Budget {
    /// Where it holds in a report, group by group in the report's order; empty where it does not. The report has the
    /// percentile that it asks for.
    package func breaches(in report: TaskReport) -> [BudgetBreach] {
        switch (measure, scope) {
        case (.makespan, _): breaches(in: report.makespans)
        case (.report(let measure), .each):
            report.groups.compactMap { breach(of: .group($0.key), measure.actual(of: $0.statistics)) }
        case (.report(let measure), .overall):
            [breach(of: .all, measure.actual(of: report.overall))].compactMap(\.self)
        case (.report, .change), (.compared, _): preconditionFailure("a budget for comparisons")
        }
    }

    /// Where it holds in a comparison, at its second side or at the change; empty where it does not.
    package func breaches(in comparison: Comparison) -> [BudgetBreach] {
        guard scope == .change else {
            if measure == .makespan { return breaches(in: comparison.b.makespans) }
            return [breach(of: .all, actual(of: .b, in: comparison))].compactMap(\.self)
        }
        if measure == .makespan {
            return [breach(of: .all, .change(comparison[.makespan].change))].compactMap(\.self)
        }
        let change = Change(from: actual(of: .a, in: comparison).number, to: actual(of: .b, in: comparison).number)
        return [breach(of: .all, .change(change))].compactMap(\.self)
    }

    /// A budget for the longest run is one for all, and for the shortest too.
    private func breaches(in makespans: RunMakespans?) -> [BudgetBreach] {
        guard let makespans else { return [] }
        let run = relation == .above || relation == .atLeast ? makespans.greatest : makespans.least
        return [breach(of: .run(run.id), .time(Int128(run.makespan)))].compactMap(\.self)
    }

    private func actual(of side: ComparedSide, in comparison: Comparison) -> BudgetValue {
        switch measure {
        case .report(let measure): measure.actual(of: comparison.side(side).statistics)
        case .compared(let figure, let quantity):
            .time(figure.value(of: comparison[quantity].statistics(of: side)))
        case .makespan: preconditionFailure("makespans are of runs")
        }
    }

    private func breach(of subject: BudgetBreach.Subject, _ actual: BudgetValue) -> BudgetBreach? {
        let order = actual.compared(with: limit)
        let holds =
            switch relation {
            case .above: order > 0
            case .atLeast: order >= 0
            case .below: order < 0
            case .atMost: order <= 0
            case .equal: order == 0
            }
        return holds ? BudgetBreach(subject: subject, actual: actual) : nil
    }
}

extension ReportMeasure {
    fileprivate func actual(of statistics: TaskStatistics) -> BudgetValue {
        switch self {
        case .statistic(let figure, let quantity): .time(figure.value(of: quantity.statistics(of: statistics)))
        case .waitShare: .share(statistics.waitShare)
        case .slowdown:
            // Nothing took no time: as it should be.
            .slowdown(statistics.total.sum > 0 ? statistics.slowdown : Slowdown(total: 1, work: 1))
        case .failed: .tasks(statistics.failed)
        }
    }
}

extension BudgetValue {
    /// A whole number of µs, tasks or ten-thousandths, of which a change can be told.
    fileprivate var number: Int128 {
        switch self {
        case .time(let time): time
        case .tasks(let tasks): Int128(tasks)
        case .share(let share): Int128(share.tenThousandths)
        case .slowdown(let slowdown): slowdown?.tenThousandths ?? Int128(Int64.max)
        case .change(let change): change.tenThousandths ?? 0
        }
    }

    /// Below, at or above a limit: -1, 0 or 1.
    fileprivate func compared(with limit: BudgetLimit) -> Int {
        switch self {
        case .time, .tasks: Self.order(number, 1, limit)
        case .share: Self.order(number, 10_000, limit)
        case .slowdown(let slowdown): slowdown == nil ? 1 : Self.order(number, 10_000, limit)
        case .change(let change):
            if change.from > 0 {
                Self.order(change.to - change.from, change.from, limit)
            } else {
                change.to > 0 ? 1 : Self.order(0, 1, limit)
            }
        }
    }

    /// How a fraction stands to a limit, exactly: products of 256 bits.
    private static func order(_ numerator: Int128, _ denominator: Int128, _ limit: BudgetLimit) -> Int {
        let left = numerator.multipliedFullWidth(by: limit.denominator)
        let right = limit.numerator.multipliedFullWidth(by: denominator)
        if left.high != right.high { return left.high < right.high ? -1 : 1 }
        return left.low == right.low ? 0 : left.low < right.low ? -1 : 1
    }
}
