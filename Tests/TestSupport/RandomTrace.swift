package import TraceCore

/// The same numbers for the same seed (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension EventBatch {
    /// A trace of anything: runs behind a pool, spans with and without owners, orphans, circles, duplicates, empty and
    /// overlapping times, few names and ids so that they often meet.
    package static func random(seed: UInt64) -> EventBatch {
        var generator = SeededGenerator(seed: seed)
        var batch = EventBatch()
        for pid in 1...Int64(2) { _ = batch.addProcess(pid: pid, labels: [("metadata", "\(pid)")]) }
        for number in 0..<Int.random(in: 1...60, using: &generator) {
            batch.events.append(batch.randomEvent(number, &generator))
        }
        for number in 0..<Int.random(in: 0...8, using: &generator) { batch.addWaiter(number, &generator) }
        batch.events.shuffle(using: &generator)
        return batch
    }

    /// Drops the events that a trace would not look at.
    package mutating func keepFirstOfEach() {
        var seen: Set<[UInt8]> = []
        events = events.filter { seen.insert([$0.kind.rawValue] + $0.id.utf8).inserted }
    }

    private mutating func randomEvent(_ number: Int, _ generator: inout SeededGenerator) -> Event {
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
        func id() -> Identifier {
            let number = Int.random(in: 0..<30, using: &generator)
            return chance(50) ? Identifier("id \(number)") : .short(UInt64(number))
        }
        let kind: Event.Kind = chance(40) ? .transaction : .span
        var event = event(
            kind, "", start: Int64.random(in: 0...40, using: &generator),
            duration: Int64.random(in: 0...25, using: &generator), process: chance(80) ? 0 : 1)
        event.id = id()
        if chance(80) { event.parent = id() }
        if kind == .span, chance(60) { event.transaction = id() }
        if kind == .span, chance(20) { event.offset = Int64.random(in: -5...30, using: &generator) }
        event.type = symbols.intern(["db", "wait", "app", "app.lock"].randomElement(using: &generator) ?? "")
        let names = ["task", "acquire", "", "\u{E9}", nil]
        event.name = (names.randomElement(using: &generator) ?? nil).map { symbols.intern($0) }
        if kind == .transaction {
            event.sampled = chance(85)
            event.messageAge = chance(20) ? 17 : 0
            event.dropped = chance(10) ? 1 : 0
            if chance(40) { event.user = symbols.intern(["a", "b", ""].randomElement(using: &generator) ?? "") }
            if chance(30) { event.labels = addLabels([("k", "\(number % 3)")]) }
        }
        event.outcome = Event.Outcome.allCases.randomElement(using: &generator) ?? .unknown
        event.compressed = kind == .span && chance(10)
        event.version = chance(30) ? symbols.intern("1.\(number % 2)") : nil
        return event
    }

    /// A task of a group that takes one of a few slots, so that pools are seen as well.
    private mutating func addWaiter(_ number: Int, _ generator: inout SeededGenerator) {
        let start = Int64.random(in: 0...3, using: &generator)
        let (taking, end) = (max(start, 10 * Int64(number / 2)), 10 * Int64(number / 2 + 1))
        task("waiter \(number)", start: start, end: end, work: [taking..<end])
    }
}
