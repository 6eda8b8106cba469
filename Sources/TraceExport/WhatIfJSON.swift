package import TraceCore

/// `waitline.what-if.v1`: a group replayed on some numbers of slots, a row for each in the order asked for.
package enum WhatIfJSON {
    /// `slots` are each at least 1; `trace` is the run's.
    package static func text(_ replay: SlotReplay, slots: [Int], trace: Identifier) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.what-if.v1")
            json.key("trace_id")
            json.string(trace.text)
            json.key("group")
            json.string(replay.name)
            json.key("tasks")
            json.integer(replay.tasks)
            json.key("slots")
            json.integer(replay.slots)
            json.key("makespan_us")
            json.integer(replay.makespan)
            json.key("backlog_assumed")
            json.bool(replay.isBacklogAssumed)
            json.key("replay_check")
            json.change(replay.check)
            json.key("knee")
            json.integer(replay.knee)
            json.key("enough")
            json.integer(replay.enough)
            json.key("rows")
            json.array { json in
                for slots in slots { write(replay.row(slots: slots), to: &json) }
            }
        }
        return json.text + "\n"
    }

    private static func write(_ row: SlotReplay.Row, to json: inout JSONWriter) {
        json.object { json in
            json.key("slots")
            json.integer(row.slots)
            json.key("makespan_us")
            json.integer(row.makespan)
            json.key("wait_us")
            json.object { json in
                for (name, value) in [("p50", row.p50), ("p95", row.p95), ("p99", row.p99), ("max", row.max)] {
                    json.key(name)
                    json.integer(value)
                }
            }
            json.key("utilisation")
            json.share(row.utilisation)
        }
    }
}

extension JSONWriter {
    /// A change as a share of what it began from, with four decimals; null where that was nothing.
    mutating func change(_ change: Change?) {
        guard let value = change?.tenThousandths else { return raw("null") }
        let digits = String(value.magnitude % 10_000)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        raw("\(value < 0 ? "-" : "")\(value.magnitude / 10_000).\(zeros)\(digits)")
    }
}
