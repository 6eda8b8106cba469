/// What lets tasks through: a semaphore, a rate limit, an event loop.
package struct Gate: Sendable {
    package enum Rule: Sendable {
        /// Permits go to who asked first, last, or to anyone.
        case first
        case last
        case anyone
        /// Nobody stands in line: who finds no permit asks again after so many µs.
        case polling(Int64)
        /// Chunks of as many tasks as there are permits; the next starts when all of the last are done.
        case batches
        /// One permit each so many µs, given back to nobody.
        case rate(Int64)
    }

    package var permits: Int
    package var rule = Rule.first
    /// From a permit's release until who waited for it goes on, µs.
    package var handOff: ClosedRange<Int64> = 0...100
    /// How many permits there are from so many grants on.
    package var change: (grants: Int, permits: Int)?

    private(set) var waiting: [Request] = []
    private var taken = 0
    private var grants = 0
    private var nextInRate: Int64 = 0

    package init(_ permits: Int, _ rule: Rule = .first, handOff: ClosedRange<Int64> = 0...100) {
        self.permits = permits
        self.rule = rule
        self.handOff = handOff
    }

    /// A task that waits.
    struct Request: Sendable {
        var task: Int
        var permits: Int
    }

    enum Answer {
        case goOn
        case waitUntil(Int64)
        case askAgain(at: Int64)
        case waitInLine
    }

    /// A task asks; what it is told.
    mutating func ask(_ request: Request, now: Int64) -> Answer {
        switch rule {
        case .rate(let interval):
            let granted = max(now, nextInRate)
            nextInRate = granted + interval
            return granted > now ? .waitUntil(granted) : .goOn
        case .polling(let interval):
            guard hasRoom(for: request) else { return .askAgain(at: now + interval) }
        case .first, .last, .anyone, .batches:
            guard waiting.isEmpty, hasRoom(for: request) else {
                waiting.append(request)
                return .waitInLine
            }
        }
        grant(request)
        return .goOn
    }

    mutating func giveBack(_ permits: Int) {
        taken -= permits
        if case .batches = rule, taken == 0 { grants = 0 }
    }

    /// A task leaves the line; whether it stood there.
    mutating func leave(_ task: Int) -> Bool {
        guard let place = waiting.firstIndex(where: { $0.task == task }) else { return false }
        waiting.remove(at: place)
        return true
    }

    /// The next of the line that there is room for.
    mutating func next(_ generator: inout SeededGenerator) -> Request? {
        guard !waiting.isEmpty else { return nil }
        let place =
            switch rule {
            case .last: waiting.count - 1
            case .anyone: Int(generator.pick(0...Int64(waiting.count - 1)))
            default: 0
            }
        guard hasRoom(for: waiting[place]) else { return nil }
        let request = waiting.remove(at: place)
        grant(request)
        return request
    }

    private func hasRoom(for request: Request) -> Bool {
        if case .batches = rule { return grants < permits }
        return taken + request.permits <= permits
    }

    private mutating func grant(_ request: Request) {
        taken += request.permits
        grants += 1
        if let change, grants == change.grants { permits = change.permits }
    }
}
