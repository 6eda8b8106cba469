import Foundation
import Testing
import TraceCore
import TraceIntake

/// What holds of all lines of real streams.
enum LineProperties {
    /// A filled-in time is the event's, and nothing else changes.
    static func checkTimes(_ samples: [SampleLine]) {
        let time: Int64 = 1_234_567_890
        let editor = ElasticLineEditor()
        for sample in samples {
            let before = sample.intake
            let edited = editor.edit(sample.line, kind: sample.kind, time: time)
            let after = SampleLine.intake(sample.metadata, edited)
            var expected = before.batch
            if edited != sample.line {
                for index in expected.events.indices {
                    expected.events[index].start = time
                    expected.events[index].offset = nil
                }
                for index in expected.sideEvents.indices { expected.sideEvents[index].timestamp = time }
            } else {
                #expect(before.batch.events.allSatisfy { $0.start != Intake.requestTime && $0.offset == nil })
                #expect(before.batch.sideEvents.allSatisfy { $0.timestamp != Intake.requestTime })
            }
            var other = before
            other.batch = expected
            #expect(after.rows() == other.rows())
            #expect(editor.edit(edited, kind: sample.kind, time: time + 1) == edited)
            #expect(editor.edit(sample.line, kind: sample.kind, time: nil) == sample.line)
        }
    }

    /// With pseudonyms an event is the same but for its user, and no user is left in it.
    static func checkUsers(_ samples: [SampleLine]) {
        var users: Set<String> = []
        for sample in samples {
            let batch = sample.intake.batch
            users.formUnion(batch.events.compactMap { batch.symbols.text($0.user) })
            users.formUnion(batch.processes.compactMap { batch.symbols.text($0.user) })
        }
        #expect(!users.isEmpty)
        let strict = ElasticLineEditor { "~\($0)~" }
        let editor = ElasticLineEditor(users: users) { _ in "~" }
        for sample in samples {
            let metadata = strict.edit(sample.metadata, kind: .metadata, time: nil)
            let after = SampleLine.intake(metadata, strict.edit(sample.line, kind: sample.kind, time: nil))
            #expect(after.rows() == sample.intake.rows { $0.isEmpty ? "" : "~\($0)~" })
            let edited = editor.edit(sample.line, kind: sample.kind, time: nil)
            let again = SampleLine.intake(editor.edit(sample.metadata, kind: .metadata, time: nil), edited)
            #expect(again.result.accepted == 1)
            #expect(again.messages == [])
            let text = String(decoding: edited, as: UTF8.self)
            for user in users where user.utf8.count >= 9 { #expect(!text.contains(user)) }
        }
    }

    /// The JSON is what was sent, and every text in it is shown.
    static func checkDetails(_ samples: [SampleLine]) throws {
        for sample in samples where sample.kind != .metadata {
            let details = sample.details
            let sent = try #require(
                JSONSerialization.jsonObject(with: Data(sample.value)) as? [String: Any])
            let event = try #require(sent[sample.kind.rawValue] as? NSDictionary)
            let shown = try #require(JSONSerialization.jsonObject(with: Data(details.json.utf8)) as? NSDictionary)
            #expect(shown == event)
            var texts = Set(details.fields.map(\.value))
            collect(Mirror(reflecting: details), into: &texts)
            var missing: [String] = []
            for (key, value) in event where !rowKeys.contains(key as? String ?? "") {
                missing += strings(value).filter { !texts.contains($0) }
            }
            #expect(missing == [])
        }
    }

    private static let rowKeys = [
        "id", "trace_id", "parent_id", "transaction_id", "name", "type", "subtype", "action", "timestamp", "outcome",
        "@timestamp", "trace.id", "transaction.id", "span.id",
    ]

    private static func collect(_ mirror: Mirror, into texts: inout Set<String>) {
        for child in mirror.children {
            if let text = child.value as? String { texts.insert(text) }
            collect(Mirror(reflecting: child.value), into: &texts)
        }
    }

    private static func strings(_ value: Any) -> [String] {
        if let text = value as? String { return [text] }
        if let list = value as? [Any] { return list.flatMap(strings) }
        if let object = value as? [String: Any] { return object.values.flatMap(strings) }
        return []
    }
}

extension SampleLine {
    var details: EventDetails {
        switch kind {
        case .span: ElasticDetails.read(line, kind: .span)
        case .error: ElasticDetails.read(line, kind: .error)
        case .metricset: ElasticDetails.read(line, kind: .metricset)
        case .log: ElasticDetails.read(line, kind: .log)
        case .transaction, .metadata: ElasticDetails.read(line, kind: .transaction)
        }
    }

    /// The line without what comes behind its JSON.
    var value: [UInt8] {
        let end = line.lastIndex(of: UInt8(ascii: "}")) ?? 0
        return Array(line[...end])
    }
}

@Suite("Lines of the traces that come with the program")
struct ElasticDetailsSampleTests {
    @Test("times are filled in") func times() throws { LineProperties.checkTimes(try SampleLine.ofSampleTraces()) }
    @Test("users are replaced") func users() throws { LineProperties.checkUsers(try SampleLine.ofSampleTraces()) }
    @Test("all that was sent is shown") func details() throws {
        let samples = try SampleLine.ofSampleTraces()
        #expect(samples.count > 50)
        try LineProperties.checkDetails(samples)
    }
}

@Suite("Lines of upstream's streams", .enabled(if: Fixtures.folder != nil, Fixtures.absent))
struct ElasticDetailsFixtureTests {
    @Test("times are filled in") func times() throws { LineProperties.checkTimes(try SampleLine.ofFixtures()) }
    @Test("users are replaced") func users() throws { LineProperties.checkUsers(try SampleLine.ofFixtures()) }
    @Test("all that was sent is shown") func details() throws {
        let samples = try SampleLine.ofFixtures()
        #expect(samples.count >= 90)
        try LineProperties.checkDetails(samples)
    }
}
