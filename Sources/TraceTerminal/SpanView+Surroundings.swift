import TraceCore

extension SpanView {
    /// The samples of a metricset's own page.
    func writeSamples(to page: inout PageWriter) {
        let samples = self.page.details.samples
        guard !samples.isEmpty else { return }
        let shown = page.shown(of: samples, standard: 100)
        page.section("samples", note: Prose.count(samples.count))
        page.pairs(shown.map(pair))
        page.left(samples.count - shown.count)
    }

    /// Logs and metrics of a run, with their times from its start.
    func writeSurroundings(
        since start: Int64, processes: [ProcessMetadata], _ symbols: SymbolTable, to page: inout PageWriter
    ) {
        let events = self.page.surroundings
        let logs = events.filter { $0.event.kind == .log }
        if !logs.isEmpty {
            let shown = page.shown(of: logs, standard: 20)
            page.section("logs", note: Prose.count(logs.count) + ", times from the run's start")
            page.pairs(
                shown.map { (page.distance($0.event.timestamp - start), $0.details.message ?? "(no message)") })
            page.left(logs.count - shown.count)
        }
        let metricsets = events.filter { $0.event.kind == .metricset }
        writeMetrics(metricsets, since: start, processes: processes, symbols, to: &page)
        SelfTimes(metricsets).write(to: &page)
    }

    /// The samples of each metricset under its time; under the process too where there are several.
    private func writeMetrics(
        _ metricsets: [SpanPage.Side], since start: Int64, processes: [ProcessMetadata], _ symbols: SymbolTable,
        to page: inout PageWriter
    ) {
        let told = metricsets.filter { !$0.details.samples.allSatisfy(SelfTimes.isOne) }
        guard !told.isEmpty else { return }
        let isOfSeveral = Set(told.map(\.event.process)).count > 1
        let shown = page.shown(of: told, standard: 5)
        page.section("metrics", note: Prose.count(told.count) + ", times from the run's start")
        for metricset in shown {
            let process = processes[metricset.event.process]
            let sender = [symbols[process.service], symbols.text(process.host), process.pid.map { String($0) }]
                .compactMap { $0 }.joined(separator: " ")
            let time = SafeText(own: page.distance(metricset.event.timestamp - start))
            page.line([(time, .plain), (isOfSeveral ? page.name(sender) : SafeText(own: ""), .plain)], indent: 2)
            let samples = metricset.details.samples.filter { !SelfTimes.isOne($0) }
            page.pairs(samples.map(pair) + metricset.details.fields.map { ($0.path, $0.value) }, indent: 4)
        }
        page.left(told.count - shown.count)
    }

    private func pair(_ sample: EventDetails.Sample) -> (name: String, value: String) {
        let text = SampleText(sample, ascii: options.ascii)
        return (sample.name, text.value + (text.readable.map { "  = " + $0 } ?? ""))
    }
}

/// Where a process spent its time by its own account (`span.self_time`), summed by what it was spent on.
struct SelfTimes {
    private struct Key: Hashable {
        var transaction: String?
        var type: String
    }

    private struct Sum {
        var count = 0.0
        var duration = 0.0
    }

    private var sums: [Key: Sum] = [:]

    init(_ metricsets: [SpanPage.Side]) {
        for metricset in metricsets {
            let samples = metricset.details.samples.filter(Self.isOne)
            guard !samples.isEmpty else { continue }
            func field(_ path: String) -> String? { metricset.details.fields.first { $0.path == path }?.value }
            let type = [field("span.type"), field("span.subtype")].compactMap { $0 }.filter { !$0.isEmpty }
            let key = Key(transaction: field("transaction.name"), type: type.joined(separator: "."))
            for sample in samples {
                guard let value = sample.value.flatMap(Double.init), value.isFinite else { continue }
                switch sample.name {
                case "span.self_time.count": sums[key, default: Sum()].count += value
                case "span.self_time.sum.us": sums[key, default: Sum()].duration += value
                default: continue
                }
            }
        }
    }

    /// Whether a sample is told here.
    static func isOne(_ sample: EventDetails.Sample) -> Bool {
        sample.name == "span.self_time.count" || sample.name == "span.self_time.sum.us"
    }

    func write(to page: inout PageWriter) {
        guard !sums.isEmpty else { return }
        let ordered = sums.sorted { left, right in
            if left.value.duration != right.value.duration { return left.value.duration > right.value.duration }
            if left.key.type != right.key.type { return left.key.type < right.key.type }
            return (left.key.transaction ?? "") < (right.key.transaction ?? "")
        }
        let shown = page.shown(of: ordered, standard: 10)
        page.section("self time by type of span", note: "as the agents summed it up, in their whole intervals")
        page.table(
            [
                .left("type", isFlexible: true), .left("transaction", rank: 1, isFlexible: true),
                .right("spans", rank: 2), .right("sum", rank: 3),
            ],
            shown.map { key, sum in
                [
                    Table.Entry(text: page.name(key.type.isEmpty ? nil : key.type)),
                    Table.Entry(text: key.transaction.map { page.name($0) } ?? SafeText(own: "")),
                    Table.Entry(text: SafeText(own: Prose.count(Int(exactly: sum.count.rounded()) ?? .max))),
                    Table.Entry(text: SafeText(own: page.duration(Int64(exactly: sum.duration.rounded()) ?? .max))),
                ]
            })
        page.left(ordered.count - shown.count)
    }
}
