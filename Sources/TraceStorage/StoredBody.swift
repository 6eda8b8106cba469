package import TraceCore

/// A body with the rows of all events whose lines stand in it.
package struct StoredBody: Sendable {
    package var number: Int64
    /// When it came, µs since the epoch: the time of events that name none.
    package var requestTime: Int64
    package var body: ReceivedBody
    /// Its events as their rows have them, by kind.
    package var events: EventBatch
    /// What of them cannot be read, each in one sentence.
    package var problems: [String] = []

    /// The metadata line that the first of its events came under: what a body that was cut from a file, and begins with
    /// an event, has to be decoded behind. Nil where it has no event.
    package var metadata: [UInt8]? {
        let places =
            events.events.map { ($0.line.offset, $0.process) } + events.sideEvents.map { ($0.line.offset, $0.process) }
        return places.min { $0.0 < $1.0 }.map { events.processes[$0.1].line }
    }
}
