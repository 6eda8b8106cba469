import Testing

@testable import benchmark

struct ShopLoadTests {
    private let load = ShopLoad(seed: 7)

    @Test("Lines are events of about 820 bytes, as many as were asked for")
    func size() throws {
        let lines = load.lines(0..<5_000)
        #expect(try WrittenEvent.all(lines).count == 5_000)
        #expect((780..<860).contains(lines.count / 5_000))
    }

    @Test("Every request is a trace of its own: a transaction, and spans below it in the same trace")
    func requests() throws {
        let events = try WrittenEvent.all(load.lines(0..<3_000))
        let transactions = events.filter { $0.kind == "transaction" }
        #expect(Set(transactions.map(\.trace)).count == transactions.count)
        let traces = Dictionary(uniqueKeysWithValues: transactions.map { ($0.id, $0.trace) })
        #expect(events.allSatisfy { $0.kind == "transaction" || traces[$0.transaction] == $0.trace })
        #expect((6..<10).contains(events.count / transactions.count))
    }

    @Test("No two events of several bodies have an id in common, and all times lie in their body's stretch")
    func bodies() throws {
        let ranges = load.bodies(0..<4_000)
        #expect(ranges.map(\.count).reduce(0, +) == 4_000)
        let bodies = try ranges.map { try WrittenEvent.all(load.lines($0)) }
        let ids = bodies.flatMap { $0.compactMap(\.id) }
        #expect(Set(ids).count == 4_000)
        #expect(ids.allSatisfy { $0.count == 16 })
        #expect(zip(bodies, bodies.dropFirst()).allSatisfy { $0[0].time < $1[0].time })
    }

    @Test("The same seed gives the same events, another seed others")
    func seeds() {
        #expect(load.lines(915..<1_000) == ShopLoad(seed: 7).lines(915..<1_000))
        #expect(load.lines(915..<1_000) != ShopLoad(seed: 8).lines(915..<1_000))
    }

    @Test("The wide load is one trace, all requests below a root that never comes")
    func wide() throws {
        let wide = ShopLoad(seed: 7, isOneTrace: true)
        let events = try WrittenEvent.all(wide.lines(0..<1_000) + wide.lines(50_000..<51_000))
        #expect(Set(events.map(\.trace)).count == 1)
        let parents = Set(events.filter { $0.kind == "transaction" }.map(\.parent))
        #expect(parents.count == 1)
        #expect(Set(events.map(\.id)).isDisjoint(with: parents))
        #expect(Set(events.map(\.id)).count == 2_000)
    }
}
