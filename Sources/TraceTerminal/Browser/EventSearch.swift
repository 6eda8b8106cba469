import TraceCore

/// Which events of a run have a text in their name, user, type, subtype, action, service or id. Of the run's texts each
/// is looked at once.
struct EventSearch: Sendable {
    private let needle: Needle
    /// By symbol: whether it has the text.
    private let found: [Bool]

    init(_ text: String, in trace: Trace) {
        let needle = Needle(text)
        self.needle = needle
        found = trace.symbols.symbols.map { needle.isIn(trace.symbols[$0]) }
    }

    func matches(_ index: Int, in trace: Trace) -> Bool {
        if needle.isEmpty { return false }
        let owner = trace.owners[index]
        if has(trace.events[index].name) || has(owner.flatMap { trace.events[$0].user }) { return true }
        if has(trace.events[index].type) || has(trace.events[index].subtype) { return true }
        if has(trace.events[index].action) || has(trace.events[index].service) { return true }
        return needle.isIn(trace.events[index].id)
    }

    private func has(_ symbol: Symbol?) -> Bool { symbol.map { found[Int($0.rawValue)] } ?? false }
}
