import TestSupport
import Testing
import TraceCore

@Suite struct ClockAlignmentTests {
    /// A caller of 100 µs, and a callee of another service, `shift` µs off its middle.
    private static func run(calleeFrom start: Int64, lasting duration: Int64, service: String? = "other") -> Drawing {
        var drawing = Drawing(
            """
            a    |##########  |
              b  |==========  |
                c|   ##       |
            """)
        drawing.edit("b") { event, symbols in
            if let service { event.service = symbols.intern(service) }
            event.start = Drawing.origin + start
            event.duration = duration
        }
        drawing.edit("c") { event, symbols in
            if let service { event.service = symbols.intern(service) }
            event.start = Drawing.origin + start + 5
        }
        return drawing
    }

    private func shifts(_ drawing: Drawing) -> [String: Int64] {
        let layout = WaterfallLayout(drawing.analysis)
        let clocks = layout.clocks
        return Dictionary(
            uniqueKeysWithValues: ["a", "b", "c"].map { ($0, clocks.shift(of: drawing.trace.index($0))) })
    }

    @Test("a callee outside of its caller is moved to its middle, and with it what is below it")
    func middle() {
        #expect(shifts(Self.run(calleeFrom: -500, lasting: 60)) == ["a": 0, "b": 520, "c": 520])
        #expect(shifts(Self.run(calleeFrom: 50, lasting: 60)) == ["a": 0, "b": -30, "c": -30])
    }

    @Test("a callee longer than its caller is moved to its start where it begins before it")
    func longer() {
        #expect(shifts(Self.run(calleeFrom: -500, lasting: 160)) == ["a": 0, "b": 500, "c": 500])
        #expect(shifts(Self.run(calleeFrom: 50, lasting: 160)) == ["a": 0, "b": 0, "c": 0])
    }

    @Test("what lies inside its parent, and what is of the same process and service, stays")
    func stays() {
        #expect(shifts(Self.run(calleeFrom: 40, lasting: 60)) == ["a": 0, "b": 0, "c": 0])
        #expect(shifts(Self.run(calleeFrom: -500, lasting: 60, service: nil)) == ["a": 0, "b": 0, "c": 0])
    }

    @Test("an outline draws moved rows where they were moved to, and says so")
    func outline() throws {
        let layout = WaterfallLayout(Self.run(calleeFrom: -500, lasting: 60).analysis)
        var query = WaterfallQuery()
        #expect(WaterfallOutline(layout, query: query).window.length == 600)
        query.alignsClocks = true
        let outline = WaterfallOutline(layout, query: query)
        #expect(outline.window == Interval(start: Drawing.origin, end: Drawing.origin + 100))
        #expect(outline.clocks.moved == 2 && outline.clocks.range == 520...520)
        let moved = outline.entries.indices.map { outline.row(at: $0) }.filter(\.isMoved)
        #expect(moved.count == 2)
        #expect(moved.allSatisfy { $0.stretches.allSatisfy { $0.interval.start >= Drawing.origin } })
        #expect(moved[0].total == 60)
    }

    @Test("moving an event twice, by itself and with its parent, adds up")
    func nested() {
        var drawing = Self.run(calleeFrom: -500, lasting: 60)
        drawing.edit("c") { event, symbols in
            event.service = symbols.intern("third")
            event.start = Drawing.origin - 900
            event.duration = 20
        }
        // Into b as it was sent, then with b.
        #expect(shifts(drawing) == ["a": 0, "b": 520, "c": 420 + 520])
    }
}
