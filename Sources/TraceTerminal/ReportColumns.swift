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

extension ReportView {
    /// What is said of the values of a quantity.
    enum Measure: String {
        case p50
        case p90
        case p95
        case p99
        case max
        case mean

        /// Nil where it is a percentile of fewer values than it needs.
        func value(of statistics: Statistics, count: Int) -> Int64? {
            func percentile(_ value: Int64, hundredths: Int) -> Int64? {
                count >= Percentile.valuesNeeded(hundredths: hundredths) ? value : nil
            }
            return switch self {
            case .p50: percentile(statistics.p50, hundredths: 5_000)
            case .p90: percentile(statistics.p90, hundredths: 9_000)
            case .p95: percentile(statistics.p95, hundredths: 9_500)
            case .p99: percentile(statistics.p99, hundredths: 9_900)
            case .max: statistics.max
            case .mean: statistics.mean
            }
        }

        /// The higher, the longer its column stays where there is little room; nil stays.
        var rank: Int? {
            switch self {
            case .p50: nil
            case .p95: 5
            case .max: 4
            case .p99: 3
            case .p90: 2
            case .mean: 1
            }
        }
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
