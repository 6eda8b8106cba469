import Testing

@testable import TraceCore

@Suite("What an intake did not take")
struct LossTallyTests {
    private func offender(_ line: Int, _ document: [UInt8]? = nil) -> LossTally.Offender {
        LossTally.Offender(time: Int64(line), service: "billing", line: line, document: document)
    }

    @Test("one of nothing is empty, and counting nothing leaves it so")
    func nothing() {
        var tally = LossTally()
        #expect(tally.isEmpty)
        tally.note("x", .lines, count: 0, offender(1))
        tally.note("x", .lines, count: -5, offender(1))
        #expect(tally.isEmpty)
        #expect(tally == LossTally())
    }

    @Test("the same reason is counted together, in the order in which reasons came up; lines and requests are not")
    func counts() {
        var tally = LossTally()
        tally.note("b", .lines)
        tally.note("a", .lines, count: 3)
        tally.note("b", .requests)
        tally.note("b", .lines, count: 2)
        #expect(tally.entries.map(\.reason) == ["b", "a", "b"])
        #expect(tally.entries.map(\.unit) == [.lines, .lines, .requests])
        #expect(tally.entries.map(\.count) == [3, 3, 1])
        #expect(tally.entries.allSatisfy { $0.offenders.isEmpty })
    }

    @Test("the last five examples of a reason stay, the latest last")
    func examples() {
        var tally = LossTally()
        for line in 1...8 { tally.note("x", .lines, offender(line)) }
        tally.note("y", .lines, offender(100))
        #expect(tally.entries[0].count == 8)
        #expect(tally.entries[0].offenders == (4...8).map { offender($0) })
        #expect(tally.entries[1].offenders == [offender(100)])
    }

    @Test("of an example 1 024 bytes stay")
    func documents() {
        var tally = LossTally()
        tally.note("x", .lines, offender(1, (0..<2_000).map { UInt8($0 % 251) }))
        tally.note("x", .lines, offender(2, [1, 2]))
        tally.note("x", .requests, offender(3, nil))
        #expect(tally.entries[0].offenders[0].document == (0..<1_024).map { UInt8($0 % 251) })
        #expect(tally.entries[0].offenders[1].document == [1, 2])
        #expect(tally.entries[1].offenders[0].document == nil)
    }

    @Test("a long reason is cut at a whole character to 200 bytes")
    func longReasons() {
        var tally = LossTally()
        tally.note(String(repeating: "x", count: 200), .lines)
        tally.note(String(repeating: "x", count: 201), .lines)
        tally.note(String(repeating: "x", count: 300), .lines)
        tally.note(String(repeating: "é", count: 101), .lines)
        #expect(
            tally.entries.map(\.reason) == [
                String(repeating: "x", count: 200), String(repeating: "x", count: 197) + "…",
                String(repeating: "é", count: 98) + "…",
            ])
        #expect(tally.entries.map(\.count) == [1, 2, 1])
    }

    @Test("beyond 64 reasons, others are counted together; those kept apart, and the fixed ones, go on")
    func manyReasons() {
        var tally = LossTally()
        for number in 0..<200 { tally.note("reason \(number)", .lines, offender(number)) }
        tally.note("reason 63", .lines)
        tally.note("reason 1", .requests)
        tally.note(LossTally.furtherLines, .lines, count: 7)
        #expect(tally.entries.count == 67)
        #expect(tally.entries[63].count == 2)
        #expect(tally.entries[64].reason == LossTally.otherReasons)
        #expect(tally.entries[64].count == 136)
        #expect(tally.entries[64].offenders == (195..<200).map { offender($0) })
        #expect(tally.entries[65].reason == LossTally.otherReasons)
        #expect(tally.entries[65].unit == .requests)
        #expect(tally.entries[66].reason == LossTally.furtherLines)
        #expect(tally.entries[66].count == 7)
        #expect(tally.entries.reduce(0) { $0 + $1.count } == 209)
    }

    @Test("what another tally counted comes behind one's own")
    func absorbs() {
        var first = LossTally()
        for line in 1...4 { first.note("x", .lines, offender(line)) }
        var second = LossTally()
        second.note("y", .requests, offender(9))
        for line in 5...7 { second.note("x", .lines, count: 2, offender(line)) }
        first.absorb(second)
        #expect(first.entries.map(\.reason) == ["x", "y"])
        #expect(first.entries.map(\.count) == [10, 1])
        #expect(first.entries[0].offenders == (3...7).map { offender($0) })
        #expect(first.entries[1].offenders == [offender(9)])
        let before = first
        first.absorb(LossTally())
        #expect(first == before)
    }

    @Test("absorbing never has more reasons than noting, and loses none of the counts")
    func absorbsMany() {
        var all = LossTally()
        for group in 0..<10 {
            var tally = LossTally()
            for number in 0..<30 { tally.note("reason \(group).\(number)", .lines, offender(number)) }
            all.absorb(tally)
        }
        #expect(all.entries.count == 65)
        #expect(all.entries.reduce(0) { $0 + $1.count } == 300)
        #expect(all.entries[64].count == 236)
        #expect(all.entries.allSatisfy { $0.offenders.count <= LossTally.keptOffenders })
    }
}
