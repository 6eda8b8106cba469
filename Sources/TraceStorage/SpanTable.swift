import GRDB
import TraceCore

/// The table `spans` as the writer sees it: one row for what one body brought to one run.
final class SpanTable {
    private let insert: Statement
    private let known: KnownSpans
    private var block = SpanBlockWriter()
    private var data = ByteSink()
    /// Those of a delivery's spans of one run that are not stored yet, as indices into its events.
    private var fresh: [Int32] = []

    init(_ db: Database) throws {
        insert = try Statement("INSERT INTO spans (run, body, start_us, count, data) VALUES (?, ?, ?, ?, ?)", on: db)
        known = try KnownSpans(db)
    }

    /// Stores what is new of spans of one run that one body brought, given as indices into the batch's events; gives
    /// each that is to `note`.
    func store(
        _ spans: ArraySlice<Int32>, of batch: EventBatch, run: Int64, isNewRun: Bool, body: Int64,
        shape: (Event) throws -> SpanShape, note: (Event) -> Void
    ) throws -> Int {
        let known = try known.run(run, isNew: isNewRun)
        fresh.removeAll(keepingCapacity: true)
        var start = Int64.max
        for index in spans where try self.known.note(batch.events[Int(index)].id, of: known) {
            fresh.append(index)
            start = min(start, batch.events[Int(index)].start)
        }
        try self.known.settle(known, number: run)
        guard !fresh.isEmpty else { return 0 }
        try fill(&block, batch, start: start, shape, note)
        block.write(to: &data)
        insert.bind(run, at: 1)
        insert.bind(body, at: 2)
        insert.bind(start, at: 3)
        insert.bind(block.count, at: 4)
        insert.bind(untilRun: data.bytes, at: 5)
        try insert.run()
        return block.count
    }

    /// Forgets what it remembers of the table: after a rollback some of it is no longer true.
    func forget() { known.forget() }

    private func fill(
        _ block: inout SpanBlockWriter, _ batch: EventBatch, start: Int64, _ shape: (Event) throws -> SpanShape,
        _ note: (Event) -> Void
    ) throws {
        block.begin(start: start)
        for index in fresh {
            let event = batch.events[Int(index)]
            block.append(event, try shape(event))
            note(event)
        }
    }
}

extension EventBatch {
    /// The spans of each trace, as indices into `events` in the order they came: those of trace `t` are
    /// `indices[bounds[t]..<bounds[t + 1]]`.
    func spansByTrace() -> (indices: [Int32], bounds: [Int]) {
        var bounds = [Int](repeating: 0, count: traces.count + 1)
        for event in events where event.kind == .span { bounds[event.trace + 1] += 1 }
        for trace in traces.indices { bounds[trace + 1] += bounds[trace] }
        var next = bounds
        var indices = [Int32](repeating: 0, count: bounds[traces.count])
        for (index, event) in events.enumerated() where event.kind == .span {
            indices[next[event.trace]] = Int32(index)
            next[event.trace] += 1
        }
        return (indices, bounds)
    }
}
