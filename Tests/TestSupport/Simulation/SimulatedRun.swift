package import TraceCore

/// What a simulated task did, and what is true of it.
package struct SimulatedTask: Sendable {
    /// µs after the run's start; nil as long as its transaction is not there.
    package var start: Int64?
    package var end: Int64 = 0
    package var process = 0
    /// In order of their starts.
    package var spans: [SimulatedSpan] = []
    /// How long it waited for gates within its transaction, µs: the truth.
    package var wait: Int64 = 0
}

package struct SimulatedSpan: Sendable {
    package var label: SpanLabel
    /// The span that it is below, by its number within the task.
    package var parent: Int?
    package var start: Int64
    package var end: Int64
}

/// A run as an agent would have recorded it, and its truth.
package struct SimulatedRun: Sendable {
    package let tasks: [SimulatedTask]
    package let batch: EventBatch

    package init(_ scenario: Scenario, seed: UInt64) {
        var simulator = Simulator(scenario, seed: seed)
        tasks = simulator.run()
        batch = Self.record(tasks)
    }

    package var trace: Trace { batch.firstTrace }

    /// All that the tasks took, and all that they waited, µs.
    package var duration: Int64 { tasks.reduce(0) { $0 + $1.end - ($1.start ?? $1.end) } }
    package var wait: Int64 { tasks.reduce(0) { $0 + $1.wait } }

    /// The number of the task whose transaction has this id; nil for the root.
    package static func number(of id: Identifier) -> Int? {
        guard case .short(let value) = id, value > 0 else { return nil }
        return Int(value >> 16) - 1
    }

    /// The root has the id 0, task 0 and its spans 10000, 10001 and so on in hex digits, task 1 20000.
    private static func id(_ task: Int, span: Int? = nil) -> Identifier {
        .short(UInt64(task + 1) << 16 | UInt64((span ?? -1) + 1))
    }

    private static func record(_ tasks: [SimulatedTask]) -> EventBatch {
        let origin: Int64 = 1_764_576_000_000_000
        var batch = EventBatch()
        for process in 0...(tasks.map(\.process).max() ?? 0) { _ = batch.addProcess(pid: Int64(100 + process)) }
        let trace = batch.trace(Identifier("simulated"))
        func event(_ kind: Event.Kind, _ id: Identifier, _ start: Int64, _ end: Int64, _ process: Int) -> Event {
            var event = Event(
                kind: kind, trace: trace, id: id, process: process, start: origin + start, duration: end - start,
                line: BodyRange(offset: batch.events.count, length: 1))
            event.service = batch.processes[process].service
            return event
        }
        let (taskName, taskType) = (batch.symbols.intern("user task"), batch.symbols.intern("task"))
        var root = event(.transaction, .short(0), 0, tasks.map(\.end).max() ?? 0, 0)
        (root.name, root.type) = (batch.symbols.intern("billing run"), taskType)
        batch.events.append(root)
        for (number, task) in tasks.enumerated() {
            var transaction = event(.transaction, id(number), task.start ?? task.end, task.end, task.process)
            (transaction.parent, transaction.name, transaction.type) = (.short(0), taskName, taskType)
            batch.events.append(transaction)
            for (place, span) in task.spans.enumerated() {
                var row = event(.span, id(number, span: place), span.start, span.end, task.process)
                row.transaction = id(number)
                row.parent = id(number, span: span.parent)
                row.name = batch.symbols.intern(span.label.name)
                row.type = batch.symbols.intern(span.label.type)
                batch.events.append(row)
            }
        }
        return batch
    }
}
