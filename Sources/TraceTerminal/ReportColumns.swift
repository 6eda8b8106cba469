import TraceCore

extension ReportQuantity {
    /// The higher, the longer its columns stay where there is little room.
    var rank: Int {
        switch self {
        case .wait: 80
        case .work: 70
        case .total: 60
        case .delay: 20
        case .own: 10
        }
    }

    /// Whether nothing of it is worth a dash: nobody waited.
    var isDashedWhenZero: Bool { self == .wait || self == .delay }

    var style: Style { self == .wait ? Style(foreground: .wait) : .plain }
}

extension StatisticFigure {
    /// What a reader is shown of it, µs; nil where it is a percentile of fewer values than it needs.
    func shown(of statistics: Statistics, count: Int) -> Int64? {
        switch self {
        case .percentile(let rank):
            count >= Percentile.valuesNeeded(hundredths: rank.hundredths) ? statistics[rank] : nil
        case .max: statistics.max
        case .mean: statistics.mean
        case .sum: Int64(clamping: statistics.sum)
        }
    }

    /// The higher, the longer its column of the standard ones stays where there is little room; nil stays.
    var columnRank: Int? {
        switch self {
        case .p50: nil
        case .p95: 5
        case .max: 4
        case .p99: 3
        case .p90: 2
        default: 1
        }
    }
}

extension Slowdown {
    /// With one decimal: `10.4×`.
    func text(_ signs: Signs) -> String {
        let tenths = (tenThousandths + 500) / 1_000
        return "\(tenths / 10).\(tenths % 10)\(signs.times)"
    }
}

/// The keys of a report's groups: the first columns of its table, one for each dimension.
struct ReportKeys {
    let columns: [Table.Column]
    private let entries: [[Table.Entry]]

    init(_ report: TaskReport, groups: ArraySlice<TaskReport.Group>, options: TerminalOptions) {
        columns = report.dimensions.map { dimension in
            let title = SafeText(name: dimension.text, columns: options.width, ascii: options.ascii)
            return Table.Column(title: title, isRightAligned: false, isFlexible: true)
        }
        let signs = Signs(ascii: options.ascii)
        entries = groups.map { group in
            let mark = SafeText(own: group.incomplete > 0 ? " " + signs.mark(.incomplete) : "")
            return group.key.enumerated().map { place, key in
                let text = key.map { SafeText(name: $0, columns: options.width, ascii: options.ascii) }
                return Table.Entry(text: (text ?? SafeText(own: signs.none)) + (place == 0 ? mark : SafeText(own: "")))
            }
        }
    }

    func entries(_ place: Int) -> [Table.Entry] { entries[place] }
}
