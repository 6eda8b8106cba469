import TraceCore

/// Writes the events of a run in the Trace Event Format, lane by lane.
struct ChromeTraceWriter {
    let analysis: TraceAnalysis
    let texts: ChromeTraceTexts
    let lineWaits: LineWaits
    let errors: [Int: ChromeTrace.ErrorText]
    let errorPlaces: ErrorPlaces
    /// Tells what is amiss with events.
    let tree: WaterfallTree
    /// By transaction: itself and its spans.
    private let spans: LinkedEvents
    /// By event: whether it waits.
    private let waiting: [Bool]
    /// The services, as processes, in the order in which they first come.
    let processes: [Symbol: Int]
    /// µs since the epoch: time 0 of the file.
    let origin: Int64
    var json = JSONWriter()
    private var nextThread: Int
    private var nextSortIndex = 0
    private var nextAsync = 1
    private var stacks = ChromeTraceStacks(hasItems: true)
    /// Of the lane at hand: its threads.
    private var threads: [Int] = []

    var trace: Trace { analysis.trace }

    init(_ analysis: TraceAnalysis, errors: [Int: ChromeTrace.ErrorText], texts: ChromeTraceTexts) {
        let trace = analysis.trace
        var processes: [Symbol: Int] = [:]
        var origin = trace.start
        for event in trace.events {
            if processes[event.service] == nil { processes[event.service] = processes.count + 1 }
            if event.kind == .transaction { origin = min(origin, event.start - event.messageAge) }
        }
        self.analysis = analysis
        self.texts = texts
        lineWaits = LineWaits(analysis)
        self.errors = errors
        self.processes = processes
        self.origin = origin
        errorPlaces = ErrorPlaces(trace)
        tree = WaterfallTree(trace)
        spans = LinkedEvents(trace.owners)
        waiting = analysis.waiting()
        // A thread that has its process's number would be taken for its main one.
        nextThread = processes.count + 1
    }

    /// The bytes written and not taken.
    var size: Int { json.count }

    mutating func take() -> String { json.take() }

    /// Numbers for the own threads of so many lanes; the first, and the place of the first among all.
    mutating func addLanes(_ count: Int) -> (thread: Int, sortIndex: Int) {
        defer { nextSortIndex += count * ChromeTraceStacks.most }
        return (addThreads(count), nextSortIndex)
    }

    /// Numbers for so many threads; the first.
    private mutating func addThreads(_ count: Int) -> Int {
        defer { nextThread += count }
        return nextThread
    }

    func process(_ service: Symbol) -> Int { processes[service] ?? 0 }

    mutating func begin(_ lane: ChromeTraceLane) {
        stacks = ChromeTraceStacks(hasItems: lane.hasItems)
        threads = [lane.thread]
        writeThread(lane.thread, lane.name, sortIndex: lane.sortIndex, process: process(lane.service))
    }

    /// An item of a lane with all that stands in it.
    mutating func writeItem(_ place: Int, of lane: ChromeTraceLane) {
        let item = lane.items[place]
        let event = item.event
        guard trace.events[event].kind == .transaction else {
            writeSpan(event, in: lane, from: .min)
            return
        }
        if let interval = item.interval {
            writeSlice(event, interval, process: process(lane.service), thread: lane.thread)
            if let releaser = item.releaser {
                let process = process(lane.service)
                writeFlow("s", event, at: releaser.time, process: process, thread: releaser.thread)
                writeFlow("f", event, at: interval.start, process: process, thread: lane.thread)
            }
            stacks.begin(event, interval)
        } else {
            stacks.close()
            writeAsync(event, wholeInterval(event), in: lane)
        }
        writeErrors(of: event, process: process(lane.service), thread: lane.thread)
        writeParts(of: event, from: item.interval?.start ?? .max, in: lane)
    }

    func wholeInterval(_ event: Int) -> Interval { Interval(start: trace.events[event].start, end: trace.end(event)) }

    /// What a transaction is made of: its wait in a queue, its spans, and where none of them is open, its states.
    /// `start` is where it begins in its lane.
    private mutating func writeParts(of event: Int, from start: Int64, in lane: ChromeTraceLane) {
        let transaction = trace.events[event]
        if transaction.messageAge > 0 {
            let queued = Interval(start: transaction.start - transaction.messageAge, end: transaction.start)
            writeAsync(.wait(.message), queued, of: event, in: lane)
        }
        var parts = spans[event].compactMap { span -> Part? in
            Int(span) == event ? nil : Part(kind: .span(Int(span)), interval: wholeInterval(Int(span)))
        }
        for stretch in analysis.partition(event)?.stretches ?? [] {
            switch stretch.state {
            case .own, .wait(.inferred): parts.append(Part(kind: .state(stretch.state), interval: stretch.interval))
            case .work, .wait(.span), .wait(.message): break
            }
        }
        // Parents before what stands in them; the sort is by start, as the stacks want it.
        parts.sort { left, right in
            let (a, b) = (left.interval, right.interval)
            if a.start != b.start { return a.start < b.start }
            if a.end != b.end { return a.end > b.end }
            guard case .span(let one) = left.kind, case .span(let other) = right.kind else { return false }
            let depths = (depth(of: one, below: event), depth(of: other, below: event))
            return depths.0 != depths.1 ? depths.0 < depths.1 : one < other
        }
        for part in parts {
            switch part.kind {
            case .span(let span): writeSpan(span, in: lane, from: start)
            case .state(let state): writeState(state, part.interval, of: event, in: lane, from: start)
            }
        }
    }

    private struct Part {
        enum Kind {
            case span(Int)
            case state(TaskState)
        }

        var kind: Kind
        var interval: Interval
    }

    /// How far a span stands below its transaction, as far as that matters for spans that start and end together.
    private func depth(of span: Int, below event: Int) -> Int {
        var (depth, current) = (0, span)
        while depth < 64, let parent = trace.parents[current], parent != event {
            (depth, current) = (depth + 1, parent)
        }
        return depth
    }

    private mutating func writeState(
        _ state: TaskState, _ interval: Interval, of event: Int, in lane: ChromeTraceLane, from start: Int64
    ) {
        let before = Interval(start: interval.start, end: min(interval.end, start))
        if !before.isEmpty { writeAsync(state, before, of: event, in: lane) }
        let rest = Interval(start: max(interval.start, start), end: interval.end)
        guard !rest.isEmpty else { return }
        let thread = stacks.place(-1, rest, above: [event]).map { self.thread($0, of: lane) }
        guard let thread else { return writeAsync(state, rest, of: event, in: lane) }
        writeSlice(state, rest, of: event, process: process(lane.service), thread: thread)
    }

    private mutating func writeSpan(_ span: Int, in lane: ChromeTraceLane, from start: Int64) {
        var interval = wholeInterval(span)
        let isBefore = interval.start < start
        // Of what began in the moment in which a slot was handed on, the rest is drawn.
        if isBefore, start - interval.start < Self.handOff, interval.end > start, start != .max {
            interval.start = start
        } else if isBefore, start != .min {
            return writeAsync(span, interval, in: lane)
        }
        let above = [trace.parents[span], trace.owners[span]].compactMap(\.self)
        let thread = stacks.place(span, interval, above: above).map { self.thread($0, of: lane) }
        guard let thread else { return writeAsync(span, interval, in: lane) }
        writeSlice(span, interval, process: process(lane.service), thread: thread)
        writeErrors(of: span, process: process(lane.service), thread: thread)
    }

    /// µs by which what stands in a lane may be cut at its beginning.
    private static let handOff: Int64 = 1_000

    /// The thread that stands at this place beside a lane.
    private mutating func thread(_ number: Int, of lane: ChromeTraceLane) -> Int {
        while threads.count <= number {
            let thread = addThreads(1)
            let name = threads.count == 1 ? "\(lane.name) beside" : "\(lane.name) beside \(threads.count)"
            writeThread(thread, name, sortIndex: lane.sortIndex + threads.count, process: process(lane.service))
            threads.append(thread)
        }
        return threads[number]
    }

    /// Whether a span waits.
    func waits(_ event: Int) -> Bool { waiting[event] }

    /// A number that no other asynchronous slice has.
    mutating func nextAsyncNumber() -> Int {
        defer { nextAsync += 1 }
        return nextAsync
    }
}
