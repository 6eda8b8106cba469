import Testing

@testable import benchmark

struct ReplayLoadTests {
    private let load: ReplayLoad

    init() throws { load = ReplayLoad(recording: try SmallRecording.recording) }

    @Test("The first run is the recording itself, and the metadata stands before it")
    func firstRun() {
        let text = load.metadata + load.lines(0..<SmallRecording.events)
        #expect(String(decoding: text, as: UTF8.self) == SmallRecording.text)
    }

    @Test("No two events of a thousand runs have an id in common, and each run has a trace of its own")
    func ids() throws {
        let events = try WrittenEvent.all(load.lines(0..<(1_000 * SmallRecording.events)))
        let ids = events.compactMap(\.id)
        #expect(ids.count == 6_000)
        #expect(Set(ids).count == ids.count)
        #expect(Set(events.compactMap(\.trace)).count == 1_000)
    }

    @Test("In every run, what refers to an event refers to one of the same run, and an hour lies between runs")
    func references() throws {
        let first = try WrittenEvent.all(load.lines(0..<7))
        let run = try WrittenEvent.all(load.lines((7 * 41)..<(7 * 42)))
        let ids = Set(run.compactMap(\.id))
        for (before, event) in zip(first, run) {
            #expect(event.time - before.time == 41 * 3_600_000_000)
            #expect(event.id?.count == before.id?.count)
            #expect(event.parent.map { ids.contains($0) } ?? true)
            #expect(event.transaction.map { ids.contains($0) } ?? true)
        }
    }

    @Test("A stretch of events is the same in one piece and in several")
    func stretches() {
        let whole = load.lines(3..<40)
        #expect(whole == load.lines(3..<7) + load.lines(7..<22) + load.lines(22..<40))
    }

    @Test("A body is as large as agents send it, and ends with the event that makes it so")
    func bodyLength() {
        let length = load.bodyLength(from: 5)
        #expect(load.lines(5..<(5 + length)).count >= RequestFile.usualSize)
        #expect(load.lines(5..<(5 + length - 1)).count < RequestFile.usualSize)
    }

    @Test(
        "What has no metadata, or no events, is no recording",
        arguments: ["", "{\"metadata\":{}}\n", "{\"span\":{}}\n"])
    func noRecording(text: String) {
        #expect(throws: Failure.self) { try Recording(Array(text.utf8)) }
    }
}
