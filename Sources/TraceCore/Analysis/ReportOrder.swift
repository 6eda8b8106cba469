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

/// What the groups of a report are ordered by, largest first (source: `--sort` of the command line's contract).
package struct ReportOrder: Sendable, Hashable {
    package enum Figure: String, Sendable, CaseIterable {
        case p50
        case p90
        case p95
        case p99
        case max
        case mean
        case sum
    }

    package var quantity: ReportQuantity
    package var figure: Figure

    /// By summed wait: who waited most.
    package static let standard = ReportOrder(quantity: .wait, figure: .sum)

    package init(quantity: ReportQuantity, figure: Figure) {
        self.quantity = quantity
        self.figure = figure
    }

    /// As `--sort` takes it: `p95(wait)`, `p95:wait`, or `wait` for its sum; nil for anything else.
    package init?(_ text: String) {
        if let quantity = ReportQuantity(rawValue: text) {
            self.init(quantity: quantity, figure: .sum)
            return
        }
        let parts =
            text.hasSuffix(")")
            ? text.dropLast().split(separator: "(", omittingEmptySubsequences: false)
            : text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let figure = Figure(rawValue: String(parts[0])),
            let quantity = ReportQuantity(rawValue: String(parts[1]))
        else { return nil }
        self.init(quantity: quantity, figure: figure)
    }

    /// The value that a group is ordered by, µs.
    func value(_ statistics: TaskStatistics) -> Int128 {
        let values = quantity.statistics(of: statistics)
        return switch figure {
        case .p50: Int128(values.p50)
        case .p90: Int128(values.p90)
        case .p95: Int128(values.p95)
        case .p99: Int128(values.p99)
        case .max: Int128(values.max)
        case .mean: Int128(values.mean)
        case .sum: values.sum
        }
    }
}
