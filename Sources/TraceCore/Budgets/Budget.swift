/// What must not hold: `p95(wait) > 5s` (source: `--fail-if` of the command line's contract).
///
///     each: p95(wait) > 5s           any group of a report; without `each:` its overall line
///     change(p95(work)) > 10%        how a comparison's second side differs from the first
///     makespan >= 2min               any run
///     wait_share > 0.5, failed > 0
package struct Budget: Sendable, Hashable {
    /// What it looks at.
    package enum Scope: Sendable, Hashable {
        /// All tasks: of a report, or of a comparison's second side.
        case overall
        /// Each group of a report.
        case each
        /// The change from a comparison's first side to its second.
        case change
    }

    package enum Measure: Sendable, Hashable {
        case report(ReportMeasure)
        /// What only a comparison has: duration and turnaround.
        case compared(StatisticFigure, ComparedQuantity)
        /// Of any run; its change is that of the median of the groups.
        case makespan
    }

    /// As it was given.
    package let text: String
    package let scope: Scope
    package let measure: Measure
    package let relation: BudgetRelation
    package let limit: BudgetLimit

    /// The percentile that whoever makes the report has to ask for; nil where it needs none beside the standard ones.
    package var chosenRank: PercentileRank? {
        switch measure {
        case .report(let measure): measure.chosenRank
        case .compared(let figure, _): figure.chosenRank
        case .makespan: nil
        }
    }
}

/// How a value stands to a limit.
package enum BudgetRelation: String, Sendable, CaseIterable {
    case above = ">"
    case atLeast = ">="
    case below = "<"
    case atMost = "<="
    case equal = "="
}

/// A number in the unit of what is measured (µs, tasks, 1 for all of something), exactly as it was written.
package struct BudgetLimit: Sendable, Hashable {
    var numerator: Int128
    /// Above 0.
    var denominator: Int128
}

/// A value that a budget was held against.
package enum BudgetValue: Sendable, Hashable {
    /// µs.
    case time(Int128)
    case tasks(Int)
    case share(Share)
    /// Nil where nothing worked: beyond every number where time went by.
    case slowdown(Slowdown?)
    /// The values that it is between have the unit of what changed. From 0 it is beyond every number, but 0 to 0.
    case change(Change)
}

/// Something that a budget did not allow.
package struct BudgetBreach: Sendable, Hashable {
    package enum Subject: Sendable, Hashable {
        /// All tasks, or the change of all.
        case all
        /// The group of a report with this key, one text for each dimension.
        case group([String?])
        case run(Identifier)
    }

    package var subject: Subject
    package var actual: BudgetValue
}
