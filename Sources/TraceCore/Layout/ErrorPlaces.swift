/// Where the errors of a run belong: to the transaction or span that their `parent_id` names, else to the one that
/// their `transaction_id` names.
package struct ErrorPlaces: Sendable {
    /// By event: its errors, as indices into the trace's side events, in order of time.
    private let places: [Int: [Int]]
    private let owners: EventLinks

    package init(_ trace: Trace) {
        owners = trace.owners
        let errors = trace.sideEvents.indices.filter {
            trace.sideEvents[$0].kind == .error && trace.sideEvents[$0].trace != nil
        }
        guard !errors.isEmpty else {
            places = [:]
            return
        }
        let events = EventsByID(trace.events)
        var places: [Int: [Int]] = [:]
        for index in errors {
            let error = trace.sideEvents[index]
            let parent = error.parent.flatMap { events.parent($0, in: trace.events) }
            let transaction = error.transaction.flatMap { events.find(.transaction, $0, in: trace.events) }
            guard let place = parent ?? transaction else { continue }
            places[place, default: []].append(index)
        }
        self.places = places
    }

    /// The errors of an event, as indices into the trace's side events, in order of time.
    package func errors(of event: Int) -> [Int] { places[event] ?? [] }

    /// The errors of a transaction and of its spans, in order of time; of a span its own.
    package func errors(below event: Int) -> [Int] {
        places.filter { $0.key == event || owners[$0.key] == event }.values.flatMap { $0 }.sorted()
    }

    /// For each of the events shown, the errors that are told under its row: its own, and those of spans of it that
    /// are not shown. As indices into the trace's side events, in order of time; without those who have none.
    package func errors(under shown: some Sequence<Int>) -> [Int: [Int]] {
        let shown = Set(shown)
        var errors: [Int: [Int]] = [:]
        for (event, own) in places {
            if shown.contains(event) {
                errors[event, default: []] += own
            } else if let owner = owners[event], shown.contains(owner) {
                errors[owner, default: []] += own
            }
        }
        return errors.mapValues { $0.sorted() }
    }
}
