import TestSupport
import Testing
import TraceCore

@Suite struct ClockAlignmentHostileTests {
    @Test("no chain of processes with the most distant times leads out of the times there are")
    func extremes() {
        let most: Int64 = 1 << 61
        let batch = EventBatch.filled { batch in
            let services = ["a", "b"].map { batch.symbols.intern($0) }
            for level in 0..<40 {
                // Two children of each level's last, as far apart as there is time.
                for (number, start) in [-most, most].enumerated() {
                    batch.transaction(
                        "t\(level).\(number)", parent: level == 0 ? nil : "t\(level - 1).1", start: start,
                        duration: Int64(level % 3)
                    ) { $0.service = services[level % 2] }
                }
            }
        }
        let layout = WaterfallLayout(TraceAnalysis(batch.firstTrace))
        var query = WaterfallQuery()
        query.alignsClocks = true
        let outline = WaterfallOutline(layout, query: query)
        #expect(outline.clocks.moved > 0)
        #expect(outline.window.start >= -most && outline.window.end <= most + 3)
        for index in outline.entries.indices {
            #expect(outline.row(at: index).stretches.allSatisfy { $0.interval.start >= -most })
        }
    }
}
