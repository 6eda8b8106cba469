import TraceCore

/// The events of the file. Each has `name`, `ph`, `pid` and `ts`, and what its phase asks for: `X` a duration, `b` and
/// `e` a category and an id, `s` and `f` an id, `i` a scope, `C` and `M` their `args`.
extension ChromeTraceWriter {
    /// The head of the file, and the names of the processes.
    mutating func begin() {
        json.open("{")
        json.key("displayTimeUnit")
        json.string("ms")
        json.key("otherData")
        let (trace, origin, inference, texts) = (trace, origin, analysis.settings.inference, texts)
        json.object { json in
            json.key("schema")
            json.string("waitline.chrome.v1")
            json.key("trace_id")
            json.string(trace.id.text)
            json.key("origin_us")
            json.integer(origin)
            json.key("start_us")
            json.integer(trace.start)
            json.key("makespan_us")
            json.integer(trace.makespan)
            json.key("inference")
            json.string(inference.rawValue)
        }
        json.key("traceEvents")
        json.open("[")
        for (service, process) in processes.sorted(by: { $0.value < $1.value }) {
            writeMetadata("process_name", process: process) { json in
                json.key("name")
                json.string(texts.name(service))
            }
            writeMetadata("process_sort_index", process: process) { json in
                json.key("sort_index")
                json.integer(process)
            }
        }
    }

    mutating func end() {
        json.close("]")
        json.close("}")
    }

    mutating func writeThread(_ thread: Int, _ name: String, sortIndex: Int, process: Int) {
        writeMetadata("thread_name", process: process, thread: thread) { json in
            json.key("name")
            json.string(name)
        }
        writeMetadata("thread_sort_index", process: process, thread: thread) { json in
            json.key("sort_index")
            json.integer(sortIndex)
        }
    }

    private mutating func writeMetadata(
        _ name: String, process: Int, thread: Int? = nil, _ arguments: (inout JSONWriter) -> Void
    ) {
        json.object { json in
            json.head(name, "M", at: nil, process: process, thread: thread)
            json.key("args")
            json.object(arguments)
        }
    }

    /// A transaction or a span.
    mutating func writeSlice(_ event: Int, _ interval: Interval, process: Int, thread: Int) {
        write("X", interval, name(of: event), category(of: event), process: process, thread: thread) { writer in
            writer.writeArguments(of: event, drawn: interval)
        }
    }

    /// A state of a transaction.
    mutating func writeSlice(_ state: TaskState, _ interval: Interval, of event: Int, process: Int, thread: Int) {
        write("X", interval, state.text, state.text, process: process, thread: thread) { writer in
            writer.writeArguments(of: state, event, interval)
        }
    }

    /// A transaction or a span that stands on no thread.
    mutating func writeAsync(_ event: Int, _ interval: Interval, in lane: ChromeTraceLane) {
        writeAsync(interval, name(of: event), category(of: event), in: lane) { writer in
            writer.writeArguments(of: event, drawn: interval)
        }
    }

    /// A state of a transaction that stands on no thread.
    mutating func writeAsync(_ state: TaskState, _ interval: Interval, of event: Int, in lane: ChromeTraceLane) {
        writeAsync(interval, state.text, state.text, in: lane) { writer in
            writer.writeArguments(of: state, event, interval)
        }
    }

    private mutating func writeAsync(
        _ interval: Interval, _ name: String, _ category: String, in lane: ChromeTraceLane,
        _ arguments: (inout ChromeTraceWriter) -> Void
    ) {
        let id = "0x" + String(nextAsyncNumber(), radix: 16)
        let process = process(lane.service)
        write("b", interval, name, category, id: id, process: process, thread: lane.thread, arguments)
        let end = Interval(start: interval.end, end: interval.end)
        write("e", end, name, category, id: id, process: process, thread: lane.thread) { _ in }
    }

    private mutating func write(
        _ phase: String, _ interval: Interval, _ name: String, _ category: String, id: String? = nil, process: Int,
        thread: Int, _ arguments: (inout ChromeTraceWriter) -> Void
    ) {
        json.open("{")
        json.head(name, phase, at: interval.start - origin, process: process, thread: thread)
        json.key("cat")
        json.string(category)
        if let id {
            json.key("id")
            json.string(id)
        }
        if phase == "X" {
            json.key("dur")
            json.integer(interval.length)
        }
        json.key("args")
        json.open("{")
        arguments(&self)
        json.close("}")
        json.close("}")
    }

    /// An end of the arrow to a task from the one that released it.
    mutating func writeFlow(_ phase: String, _ released: Int, at time: Int64, process: Int, thread: Int) {
        let origin = origin
        json.object { json in
            json.head("released", phase, at: time - origin, process: process, thread: thread)
            json.key("cat")
            json.string("release")
            json.key("id")
            json.integer(released + 1)
            if phase == "f" {
                // It ends in the slice that is open there, not in the next.
                json.key("bp")
                json.string("e")
            }
        }
    }

    /// How many tasks of a group run and how many wait, over time.
    mutating func writeActivity(ofGroup number: Int) {
        let group = analysis.groups[number]
        let (name, process, origin) = (label(ofGroup: number), process(group.service), origin)
        GroupActivity(group, of: analysis).forEachChange { time, running, waiting in
            json.object { json in
                json.head(name, "C", at: time - origin, process: process, thread: nil)
                json.key("args")
                json.object { json in
                    json.key("running")
                    json.integer(running)
                    json.key("waiting")
                    json.integer(waiting)
                }
            }
        }
    }

    /// The errors of a transaction or a span, on its thread.
    mutating func writeErrors(of event: Int, process: Int, thread: Int) {
        for error in errorPlaces.errors(of: event) { writeError(error, process: process, thread: thread) }
    }

    /// The errors of this run that belong to none of its events, in their processes.
    mutating func writeHomelessErrors() {
        let placed = Set(trace.events.indices.flatMap { errorPlaces.errors(of: $0) })
        for (index, error) in trace.sideEvents.enumerated() where error.kind == .error && error.trace != nil {
            guard !placed.contains(index) else { continue }
            writeError(index, process: processes[trace.processes[error.process].service] ?? 1, thread: nil)
        }
    }

    private mutating func writeError(_ index: Int, process: Int, thread: Int?) {
        let (error, text, texts, origin) = (trace.sideEvents[index], errors[index], texts, origin)
        // Of another clock or none, it stands at an end of the run.
        let time = min(max(error.timestamp, trace.start), trace.end)
        json.object { json in
            json.head(text?.type.map(texts.text) ?? "error", "i", at: time - origin, process: process, thread: thread)
            json.key("cat")
            json.string("error")
            json.key("s")
            json.string(thread == nil ? "p" : "t")
            json.key("args")
            json.object { json in
                json.key("id")
                json.identifier(error.id)
                if let message = text?.message {
                    json.key("message")
                    json.string(texts.text(message))
                }
                if time != error.timestamp {
                    json.key("timestamp_us")
                    json.integer(error.timestamp)
                }
            }
        }
    }
}

extension JSONWriter {
    /// The members that every event of a trace has, of the object that is open; `time` is µs from the file's origin.
    fileprivate mutating func head(_ name: String, _ phase: String, at time: Int64?, process: Int, thread: Int?) {
        key("name")
        string(name)
        key("ph")
        string(phase)
        if let time {
            key("ts")
            integer(time)
        }
        key("pid")
        integer(process)
        if let thread {
            key("tid")
            integer(thread)
        }
    }
}
