import TestSupport
import Testing
import TraceCore
import TraceExport

/// Pictures of runs too large to draw every row of.
struct SVGFoldTests {
    /// So many tasks behind so many slots; each works for 100 µs.
    private static func crowd(_ tasks: Int, slots: Int) -> TraceAnalysis {
        let batch = EventBatch.filled { batch in
            batch.transaction("run", duration: Int64((tasks + slots - 1) / slots) * 100)
            for task in 0..<tasks {
                let start = Int64(task / slots) * 100
                batch.task("t\(task)", start: 0, end: start + 100, work: [start..<start + 100])
            }
        }
        return TraceAnalysis(batch.firstTrace)
    }

    @Test func equalTasksAreOneLineWithExemplars() throws {
        let xml = try ParsedXML(SVGTests.picture(Self.crowd(40, slots: 4)))
        let folds = xml.places(class: "wl-fold")
        #expect(folds.count == 1)
        #expect(xml.elements[folds[0]].attributes["data-count"] == "40")
        #expect(xml.all("text", class: "wl-name").map(\.text).contains("40 × (no name)"))
        let ranks = xml.all("text", class: "wl-faint").map(\.text).filter {
            ["p50 ", "p99 ", "max ", "failed "].contains($0)
        }
        #expect(ranks == ["p50 ", "max "], "of 40, the 99th percentile is the longest")
        #expect(xml.places(class: "wl-row").count == 1 + ranks.count)
        // A line for each task, whose work and wait are two paths.
        let paths = xml.inside(folds[0]).filter { $0.name == "path" }.compactMap { $0.attributes["d"] }
        #expect(paths.contains { $0.split(separator: "M").count == 40 })
        #expect(xml.all("text").contains { $0.text == "a line each" })
        #expect(xml.all("tspan").contains { $0.text == "… \(80 - ranks.count) of 81 rows not shown (folded)" })
    }

    @Test func howManyRunAndWaitIsDrawnUnderTheSlots() throws {
        let xml = try ParsedXML(SVGTests.picture(Self.crowd(40, slots: 4)))
        #expect(xml.all("path", class: "wl-limit").count == 1)
        let words = xml.all("text").map(\.text)
        #expect(words.contains("slots 4") && words.contains("full 100.0 % of the makespan"))
        #expect(words.contains("runningup to 4") && words.contains("waitingup to 36"))
        // Nobody waits where everybody has a slot.
        let free = try ParsedXML(SVGTests.picture(Self.crowd(4, slots: 4)))
        #expect(free.all("path", class: "wl-limit").isEmpty)
        #expect(!free.all("text").contains { $0.text.hasPrefix("waiting") })
    }

    @Test func aPictureOfThousandsIsAsLargeAsOneOfHundreds() throws {
        let few = SVGTests.picture(Self.crowd(400, slots: 40))
        let many = SVGTests.picture(Self.crowd(8_000, slots: 40))
        #expect(many.utf8.count < 80_000 && many.utf8.count < 2 * few.utf8.count)
        let xml = try ParsedXML(many)
        #expect(xml.all("text").contains { $0.text == "160 of them, a line each" })
        #expect(try #require(xml.elements[0].number("height")) < 700)
    }

    @Test func everyRowIsDrawnWhereNothingFolds() throws {
        var query = WaterfallQuery()
        query.folds = false
        let xml = try ParsedXML(SVGTests.picture(Self.crowd(40, slots: 4), query))
        #expect(xml.places(class: "wl-fold").isEmpty && xml.places(class: "wl-row").count == 81)
    }

    @Test func manyGroupsAreCountedNotAllTold() throws {
        let batch = EventBatch.filled { batch in
            for group in 0..<9 {
                batch.transaction("run\(group)", start: Int64(group) * 1_000, duration: 900)
                for task in 0...group {
                    batch.transaction(
                        "t\(group).\(task)", parent: "run\(group)", start: Int64(group) * 1_000, duration: 300)
                }
            }
        }
        let xml = try ParsedXML(SVGTests.picture(TraceAnalysis(batch.firstTrace)))
        #expect(xml.all("tspan").contains { $0.text == "… 5 of 8 groups not shown" })
        #expect(xml.all("tspan").contains { $0.text.hasPrefix("9 × ") })
    }
}
