import TraceCore

extension JSONWriter {
    /// Where the time of a transaction went, and who released it; null where it was not sampled.
    mutating func quantities(_ breakdown: Breakdown?, releasedBy releaser: Identifier?) {
        key("total_us")
        integer(breakdown?.total)
        key("wait_us")
        integer(breakdown?.wait)
        key("work_us")
        integer(breakdown?.work)
        key("self_us")
        integer(breakdown?.own)
        key("delay_us")
        integer(breakdown?.delay)
        key("queued_us")
        integer(breakdown?.queued)
        key("wait_source")
        string(breakdown.flatMap(\.waitSource))
        key("released_by")
        identifier(releaser)
    }

    /// The states of a transaction, with their times from the start of the run, µs since the epoch; null where it was
    /// not sampled.
    mutating func states(_ stretches: [StatePartition.Stretch]?, since start: Int64) {
        key("states")
        guard let stretches else {
            raw("null")
            return
        }
        array { json in
            for stretch in stretches {
                json.object { json in
                    json.key("state")
                    json.string(stretch.state.text)
                    if case .wait(let source) = stretch.state {
                        json.key("source")
                        json.string(source.text)
                    }
                    json.key("start_us")
                    json.integer(stretch.interval.start - start)
                    json.key("duration_us")
                    json.integer(stretch.interval.length)
                }
            }
        }
    }
}
