import GRDB
import TraceCore

/// The table `parts` as the writer sees it: one row for what one body brought to one run.
final class PartTable {
    private let insert: Statement
    private let known: KnownSpans
    private var block = SpanBlockWriter()
    private var data = ByteSink()
    private var digests = ByteSink()
    /// Those of a delivery's spans of one run that are not stored yet, as indices into its events.
    private var fresh: [Int32] = []
    /// The others.
    private(set) var again: [Int32] = []

    init(_ db: Database) throws {
        insert = try Statement(
            "INSERT INTO parts (run, body, spans, start_us, selectors, data) VALUES (?, ?, ?, ?, ?, ?)", on: db)
        known = try KnownSpans(db)
    }

    /// Packs what is new of spans of one run that one body brought, given as indices into the batch's events, and gives
    /// each that is to `note`; how many they are. `store` is next.
    func pack(
        _ spans: ArraySlice<Int32>, of batch: EventBatch, run: Int64, isNewRun: Bool,
        shape: (Event) throws -> SpanShape, note: (Event) -> Void
    ) throws -> Int {
        let known = try known.run(run, isNew: isNewRun)
        fresh.removeAll(keepingCapacity: true)
        again.removeAll(keepingCapacity: true)
        var start = Int64.max
        try batch.events.withUnsafeBufferPointer { events in
            for index in spans {
                guard try self.known.note(events[Int(index)].id, of: known) else {
                    again.append(index)
                    continue
                }
                fresh.append(index)
                start = min(start, events[Int(index)].start)
            }
        }
        try self.known.settle(known, number: run)
        try fill(&block, batch, start: fresh.isEmpty ? 0 : start, shape, note)
        return fresh.count
    }

    /// Stores the part: the spans packed last, and what the run can be selected by for what it brought.
    func store(run: Int64, body: Int64, selectors: [SelectorDigest]) throws {
        digests.removeAll()
        for digest in selectors { digests.append(bigEndian: digest.bits) }
        insert.bind(run, at: 1)
        insert.bind(body, at: 2)
        insert.bind(block.count, at: 3)
        insert.bind(block.start, at: 4)
        insert.bind(untilRun: digests.bytes, at: 5)
        data.removeAll()
        if block.count > 0 { block.write(to: &data) }
        insert.bind(untilRun: data.bytes, at: 6)
        try insert.run()
    }

    /// Forgets a run that is being removed.
    func remove(_ run: Int64) { known.remove(run) }

    /// Forgets what it remembers of the table: after a rollback some of it is no longer true.
    func forget() { known.forget() }

    private func fill(
        _ block: inout SpanBlockWriter, _ batch: EventBatch, start: Int64, _ shape: (Event) throws -> SpanShape,
        _ note: (Event) -> Void
    ) throws {
        block.begin(start: start)
        try batch.events.withUnsafeBufferPointer { events in
            for index in fresh {
                block.append(events[Int(index)], try shape(events[Int(index)]))
                note(events[Int(index)])
            }
        }
    }
}

extension EventBatch {
    /// The spans of each trace, as indices into `events` in the order they came: those of trace `t` are
    /// `indices[bounds[t]..<bounds[t + 1]]`.
    func spansByTrace() -> (indices: [Int32], bounds: [Int]) {
        var bounds = [Int](repeating: 0, count: traces.count + 1)
        for index in events.indices where events[index].kind == .span { bounds[events[index].trace + 1] += 1 }
        for trace in traces.indices { bounds[trace + 1] += bounds[trace] }
        var next = bounds
        var indices = [Int32](repeating: 0, count: bounds[traces.count])
        for index in events.indices where events[index].kind == .span {
            let trace = events[index].trace
            indices[next[trace]] = Int32(index)
            next[trace] += 1
        }
        return (indices, bounds)
    }
}
