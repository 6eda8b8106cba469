import TraceCore

extension JSONWriter {
    /// What else the processes of a run did: `background` is each kind, `background_cut` whether there may be more.
    mutating func background(_ background: BackgroundTasks) {
        key("background")
        array { json in
            for kind in background.kinds { json.write(kind) }
        }
        key("background_cut")
        bool(background.isCut)
    }

    private mutating func write(_ kind: BackgroundTasks.Kind) {
        object { json in
            json.key("name")
            json.string(kind.name)
            json.key("service")
            json.string(kind.service)
            json.key("pid")
            json.integer(kind.process.pid)
            json.key("count")
            json.integer(kind.count)
            json.key("duration_us")
            json.object { json in
                for (name, value) in [
                    ("p50", kind.durations.p50), ("p95", kind.durations.p95), ("max", kind.durations.max),
                ] {
                    json.key(name)
                    json.integer(value)
                }
            }
            json.key("interval_us")
            json.integer(kind.rhythm?.interval)
            json.key("late_us")
            json.write(kind.rhythm?.late)
            json.key("few_running")
            json.write(kind.rhythm?.load?.few, "below", kind.rhythm?.load?.fewBelow)
            json.key("slots_taken")
            json.write(kind.rhythm?.load?.taken, "from", kind.rhythm?.load?.takenFrom)
        }
    }

    /// How late starts were while so many tasks ran; null where none was due then.
    private mutating func write(_ late: BackgroundTasks.Lateness?, _ name: String, _ bound: Int?) {
        guard let late, let bound else { return raw("null") }
        object { json in
            json.key(name)
            json.integer(bound)
            json.key("late_us")
            json.write(late)
        }
    }

    private mutating func write(_ late: BackgroundTasks.Lateness?) {
        guard let late else { return raw("null") }
        object { json in
            json.key("starts")
            json.integer(late.starts)
            json.key("p50")
            json.integer(late.median)
            json.key("max")
            json.integer(late.greatest)
        }
    }
}
