/// The quantities of a report, in the order they are given in, by the names they have in output.
package enum ReportQuantity: String, Sendable, CaseIterable {
    case total
    case wait
    case work
    /// The task's own code, a part of work.
    case own = "self"
    case delay

    package func statistics(of statistics: TaskStatistics) -> Statistics {
        switch self {
        case .total: statistics.total
        case .wait: statistics.wait
        case .work: statistics.work
        case .own: statistics.own
        case .delay: statistics.delay
        }
    }
}

/// What can be said of the values of a quantity in one number.
package enum StatisticFigure: Sendable, Hashable {
    case percentile(PercentileRank)
    case max
    case mean
    case sum

    package static let p50 = StatisticFigure.percentile(.p50)
    package static let p90 = StatisticFigure.percentile(.p90)
    package static let p95 = StatisticFigure.percentile(.p95)
    package static let p99 = StatisticFigure.percentile(.p99)

    /// By its name in output: `p50`, `p99.9`, `max`, `mean`, `sum`; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "max": self = .max
        case "mean": self = .mean
        case "sum": self = .sum
        default:
            guard text.utf8.first == UInt8(ascii: "p"), let rank = PercentileRank(text.dropFirst()) else { return nil }
            self = .percentile(rank)
        }
    }

    /// By its name in output.
    package var text: String {
        switch self {
        case .percentile(let rank): rank.text
        case .max: "max"
        case .mean: "mean"
        case .sum: "sum"
        }
    }

    /// The percentile that has to be asked for; nil where it is none, or one that all statistics have.
    package var chosenRank: PercentileRank? {
        guard case .percentile(let rank) = self, !PercentileRank.standard.contains(rank) else { return nil }
        return rank
    }

    /// µs; a percentile that nobody asked for is a mistake of ours.
    package func value(of statistics: Statistics) -> Int128 {
        switch self {
        case .percentile(let rank):
            guard let value = statistics[rank] else { preconditionFailure("\(rank.text) was not asked for") }
            return Int128(value)
        case .max: return Int128(statistics.max)
        case .mean: return Int128(statistics.mean)
        case .sum: return statistics.sum
        }
    }
}

/// How many times as long as its work something took, in ten-thousandths, halves up.
package struct Slowdown: Sendable, Hashable {
    package var tenThousandths: Int128

    /// Nil where there was no work.
    package init?(total: Int128, work: Int128) {
        guard work > 0 else { return nil }
        tenThousandths = (2 * total * 10_000 + work) / (2 * work)
    }
}

/// A number that tells something of a set of tasks: what groups can be ordered by, and budgets be set for.
package enum ReportMeasure: Sendable, Hashable {
    case statistic(StatisticFigure, ReportQuantity)
    /// Summed wait over summed total.
    case waitShare
    /// Summed total over summed work.
    case slowdown
    /// How many tasks failed.
    case failed

    /// The percentile that has to be asked for; nil where there is none.
    package var chosenRank: PercentileRank? {
        if case .statistic(let figure, _) = self { figure.chosenRank } else { nil }
    }

    /// As it is written: `p95(wait)`, `wait` for its sum, `wait_share`, `slowdown`, `failed`.
    package var text: String {
        switch self {
        case .statistic(.sum, let quantity): quantity.rawValue
        case .statistic(let figure, let quantity): "\(figure.text)(\(quantity.rawValue))"
        case .waitShare: "wait_share"
        case .slowdown: "slowdown"
        case .failed: "failed"
        }
    }

    /// µs, ten-thousandths or a number of tasks. The slowdown of what took time and did no work is beyond all others.
    package func value(of statistics: TaskStatistics) -> Int128 {
        switch self {
        case .statistic(let figure, let quantity): figure.value(of: quantity.statistics(of: statistics))
        case .waitShare: Int128(statistics.waitShare.tenThousandths)
        case .slowdown: statistics.slowdown?.tenThousandths ?? (statistics.total.sum > 0 ? .max : 0)
        case .failed: Int128(statistics.failed)
        }
    }
}
