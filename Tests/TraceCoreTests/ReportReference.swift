import TraceCore

/// A report made plainly, from analyses, by what the definitions say: what reports from figures are compared with.
struct ReportReference {
    let dimensions: [ReportDimension]
    let filter: TaskFilter
    private(set) var tasks: [(key: [String?], breakdown: Breakdown, failed: Bool, incomplete: Bool)] = []

    init(by dimensions: [ReportDimension], filter: TaskFilter) {
        self.dimensions = dimensions
        self.filter = filter
    }

    mutating func add(_ analysis: TraceAnalysis) {
        let trace = analysis.trace
        for task in trace.events.indices {
            guard let breakdown = analysis.breakdown(task), admits(task, of: analysis) else { continue }
            tasks.append(
                (
                    dimensions.map { key($0, of: task, in: trace) }, breakdown, trace.events[task].outcome == .failure,
                    trace.events[task].dropped > 0
                ))
        }
    }

    private func admits(_ task: Int, of analysis: TraceAnalysis) -> Bool {
        let trace = analysis.trace
        func matches(_ wanted: String?, _ dimension: ReportDimension) -> Bool {
            guard let wanted else { return true }
            return key(dimension, of: task, in: trace).map { Array($0.utf8) == Array(wanted.utf8) } ?? false
        }
        let isMeant = filter.name == nil ? analysis.tasks.contains(task) : matches(filter.name, .name)
        return isMeant && matches(filter.service, .service) && matches(filter.user, .user)
            && matches(filter.outcome, .outcome) && filter.labels.allSatisfy { matches($0.value, .label($0.key)) }
    }

    private func key(_ dimension: ReportDimension, of task: Int, in trace: Trace) -> String? {
        let event = trace.events[task]
        switch dimension {
        case .user: return trace.symbols.text(event.user)
        case .name: return trace.symbols.text(event.name)
        case .service: return trace.symbols[event.service]
        case .version: return trace.symbols.text(event.version)
        case .outcome: return event.outcome.text
        case .run: return trace.id.text
        case .label(let key):
            let lists = [
                Array(trace.ownLabels(task)), trace.root.map { Array(trace.ownLabels($0)) } ?? [],
                trace.processes[event.process].labels,
            ]
            let found = lists.compactMap { $0.last { trace.symbols[$0.key].utf8.elementsEqual(key.utf8) } }
            return found.first.map { trace.symbols[$0.value] }
        }
    }

    /// The report as lines, overall first, then its groups by summed wait and key.
    var lines: [String] {
        // Bytes, since texts that Swift takes for equal are different keys.
        let groups = Dictionary(grouping: tasks) { $0.key.map { $0.map { Array($0.utf8) } } }.values.sorted {
            left, right in
            let (a, b) = (Self.sum(left) { $0.wait }, Self.sum(right) { $0.wait })
            return a != b ? a > b : Self.precedes(left[0].key, right[0].key)
        }
        return [Self.line(nil, tasks)] + groups.map { Self.line($0[0].key, $0) }
    }

    private static func precedes(_ left: [String?], _ right: [String?]) -> Bool {
        for (a, b) in zip(left, right) where a.map({ Array($0.utf8) }) != b.map({ Array($0.utf8) }) {
            guard let a, let b else { return b == nil }
            return a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return false
    }

    private static func sum(
        _ tasks: [(key: [String?], breakdown: Breakdown, failed: Bool, incomplete: Bool)], _ value: (Breakdown) -> Int64
    ) -> Int64 {
        tasks.reduce(0) { $0 + value($1.breakdown) }
    }

    private static func line(
        _ key: [String?]?, _ tasks: [(key: [String?], breakdown: Breakdown, failed: Bool, incomplete: Bool)]
    ) -> String {
        let quantities: [(Breakdown) -> Int64] = [{ $0.total }, { $0.wait }, { $0.work }, { $0.own }, { $0.delay }]
        let figures = quantities.map { quantity in naive(tasks.map { quantity($0.breakdown) }) }
        return text(key, tasks.count, tasks.count { $0.failed }, tasks.count { $0.incomplete }, figures)
    }

    static func text(_ key: [String?]?, _ tasks: Int, _ failed: Int, _ incomplete: Int, _ figures: [[Int64]]) -> String
    {
        let key = key.map { key in key.map { $0.map { "\($0.debugDescription)" } ?? "none" }.joined(separator: ",") }
        return "\(key ?? "all") \(tasks) \(failed) \(incomplete) \(figures)"
    }

    /// p50, p90, p95, p99, max, mean and sum, counted out.
    static func naive(_ values: [Int64]) -> [Int64] {
        guard !values.isEmpty else { return [0, 0, 0, 0, 0, 0, 0] }
        let sorted = values.sorted()
        let ranked = [50, 90, 95, 99, 100].map { percent in
            sorted[sorted.indices.first { 100 * ($0 + 1) >= percent * sorted.count } ?? 0]
        }
        let (sum, count) = (sorted.reduce(0) { $0 + Int128($1) }, Int128(sorted.count))
        // Rounded to the nearest, halves up.
        let mean = sum / count + (2 * (sum % count) >= count ? 1 : 0)
        return ranked + [Int64(mean), Int64(truncatingIfNeeded: sum)]
    }
}

extension TaskReport {
    /// As `ReportReference.lines`.
    var lines: [String] {
        [ReportReference.text(nil, overall.tasks, overall.failed, incomplete, overall.figures)]
            + groups.map { group in
                ReportReference.text(
                    group.key, group.statistics.tasks, group.statistics.failed, group.incomplete,
                    group.statistics.figures)
            }
    }
}

extension TaskStatistics {
    fileprivate var figures: [[Int64]] { [total, wait, work, own, delay].map(\.figures) }
}

extension Statistics {
    /// As `ReportReference.naive`.
    var figures: [Int64] { [p50, p90, p95, p99, max, mean, Int64(truncatingIfNeeded: sum)] }
}
