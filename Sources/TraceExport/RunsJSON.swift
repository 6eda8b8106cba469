package import TraceCore

/// `waitline.runs.v1`.
package enum RunsJSON {
    package static func text(_ runs: [RunSummary]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.runs.v1")
            json.key("runs")
            json.array { json in
                for run in runs { write(run, to: &json) }
            }
        }
        return json.text + "\n"
    }

    private static func write(_ run: RunSummary, to json: inout JSONWriter) {
        json.object { json in
            json.key("trace_id")
            json.string(run.id.text)
            json.key("name")
            json.string(run.name)
            json.key("service")
            json.string(run.service)
            json.key("start_us")
            json.integer(run.start)
            json.key("makespan_us")
            json.integer(run.makespan)
            json.key("arriving")
            json.bool(run.isArriving)
            json.key("transactions")
            json.integer(run.transactions)
            json.key("spans")
            json.integer(run.spans)
            json.key("errors")
            json.integer(run.errors)
            json.key("tasks")
            json.integer(run.group?.tasks ?? 0)
            json.key("failed")
            json.integer(run.group?.failed ?? 0)
            json.key("slots")
            json.integer(run.group?.slots)
            json.key("wait_share")
            json.share(run.group?.waitShare ?? Share(0, of: 0))
        }
    }
}

extension JSONWriter {
    /// A share with its four decimals.
    mutating func share(_ share: Share) { raw(share.decimal) }
}

extension Share {
    /// As a decimal fraction with four places.
    var decimal: String {
        let digits = String(tenThousandths % 10_000)
        return "\(tenThousandths / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
