package import TraceCore

/// `waitline.report.v1`. Percentiles are given however few values there are: `tasks` is their n.
package enum ReportJSON {
    /// At most `limit` groups where it is set; how many were left out is said.
    package static func text(_ report: TaskReport, limit: Int?) -> String {
        let shown = report.groups.prefix(limit ?? .max)
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.report.v1")
            json.key("percentiles")
            json.string("nearest-rank")
            json.key("inference")
            json.string(report.inference.rawValue)
            json.key("by")
            json.string(report.dimensions.map(\.text).joined(separator: ","))
            json.key("tasks")
            json.integer(report.overall.tasks)
            json.key("unsampled")
            json.integer(report.unsampled)
            json.key("incomplete")
            json.integer(report.incomplete)
            json.key("runs")
            json.integer(report.runs)
            json.key("arriving")
            json.integer(report.arriving)
            json.key("overall")
            json.object { json in write(report.overall, report.work, to: &json) }
            json.key("groups")
            json.array { json in
                for group in shown { write(group, of: report, to: &json) }
            }
            json.key("groups_left_out")
            json.integer(report.groups.count - shown.count)
        }
        return json.text + "\n"
    }

    private static func write(_ group: TaskReport.Group, of report: TaskReport, to json: inout JSONWriter) {
        json.object { json in
            json.key("key")
            if report.dimensions.count == 1 {
                json.string(group.key[0])
            } else {
                json.object { json in
                    for (dimension, key) in zip(report.dimensions, group.key) {
                        json.key(dimension.text)
                        json.string(key)
                    }
                }
            }
            if let run = group.run { write(run, to: &json) }
            write(group.statistics, group.work, to: &json)
        }
    }

    /// What `waitline.runs.v1` says of it too.
    private static func write(_ run: ReportedRun, to json: inout JSONWriter) {
        json.key("name")
        json.string(run.name)
        json.key("service")
        json.string(run.service)
        json.key("start_us")
        json.integer(run.start)
        json.key("makespan_us")
        json.integer(run.makespan)
        json.key("slots")
        json.integer(run.slots)
    }

    private static func write(_ statistics: TaskStatistics, _ work: WorkSplit?, to json: inout JSONWriter) {
        json.key("tasks")
        json.integer(statistics.tasks)
        json.key("failed")
        json.integer(statistics.failed)
        for quantity in ReportQuantity.allCases {
            json.key("\(quantity.rawValue)_us")
            write(quantity.statistics(of: statistics), to: &json)
        }
        json.key("wait_share")
        json.share(statistics.waitShare)
        json.key("slowdown")
        json.raw(statistics.slowdown?.decimal ?? "null")
        guard let work else { return }
        json.key("breakdown")
        json.array { json in
            for part in work.parts { write(part, to: &json) }
        }
    }

    /// A kind of work: `span` with the type, `others` or `self`.
    private static func write(_ part: WorkSplit.Part, to json: inout JSONWriter) {
        json.object { json in
            json.key("kind")
            if case .spans(let type) = part.kind {
                json.string("span")
                json.key("type")
                json.string(type)
            } else {
                json.string(part.kind.text)
                json.key("type")
                json.string(nil)
            }
            json.key("work_us")
            json.integer(part.time)
        }
    }

    private static func write(_ quantity: Statistics, to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in quantity.columns {
                json.key(name)
                json.integer(value)
            }
            json.key("sum")
            json.integer(quantity.sum)
        }
    }
}

extension Statistics {
    /// The figures by their names, in the order they are given in; without the sum. Percentiles that were asked for
    /// come behind the standard ones.
    var columns: [(name: String, value: Int64)] {
        [("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99)] + chosen.map { ($0.rank.text, $0.value) }
            + [("max", max), ("mean", mean)]
    }
}

extension Slowdown {
    /// As a decimal fraction with four places.
    var decimal: String {
        let digits = String(tenThousandths % 10_000)
        return "\(tenThousandths / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
