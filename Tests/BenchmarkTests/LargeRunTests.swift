import Foundation
import Testing

@testable import benchmark

struct LargeRunTests {
    @Test("Copies of a run are one run: one trace, one root that lasts as long as all, every id once")
    func copies() throws {
        let run = try LargeRun(try SmallRecording.recording)
        #expect(run.tasksPerCopy == 2)
        let events = try WrittenEvent.all(run.rootLine(copies: 50) + (0..<50).flatMap { run.lines($0) })
        #expect(events.count == 50 * (SmallRecording.events - 1) + 1)
        #expect(Set(events.compactMap(\.trace)).count == 1)
        let ids = events.compactMap(\.id)
        #expect(Set(ids).count == ids.count)
        let tasks = events.filter { $0.kind == "transaction" && $0.parent != nil }
        #expect(tasks.count == 100)
        #expect(tasks.allSatisfy { $0.parent == events[0].id })
        let known = Set(ids)
        #expect(events.allSatisfy { $0.transaction.map { known.contains($0) } ?? true })
        let end = events.map(\.time).max() ?? 0
        #expect(Double(events[0].time) + (events[0].duration ?? 0) * 1_000 >= Double(end))
    }

    @Test("A recording without a root, or of two runs, is refused")
    func refused() throws {
        let lines = SmallRecording.text.split(separator: "\n")
        let withoutRoot = lines.filter { !$0.contains("\"run\"") }.joined(separator: "\n")
        #expect(throws: Failure.self) { try LargeRun(Recording(Array(withoutRoot.utf8))) }
        let twice = (lines + lines).joined(separator: "\n")
        #expect(throws: Failure.self) { try LargeRun(Recording(Array(twice.utf8))) }
    }
}
