import TraceCore
import TraceIntake

/// What is done with a stored line, for any line, accepted or not: its details are read, and an export edits it. An
/// accepted line stays the event that it was.
enum LineTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let flags = input.byte()
        let line = input.line()
        let sent = send(line)
        let kinds = ElasticLineKind.allCases
        let kind = kind(of: sent) ?? kinds[Int(flags) % kinds.count]
        read(line)
        let times: [Int64] = [0, -1, 1_234_567_890, Microseconds.instants.lowerBound, Microseconds.instants.upperBound]
        let time = times[Int(flags >> 3) % times.count]
        let timed = ElasticLineEditor().edit(line, kind: kind, time: time)
        let users = ["alice", "user-0001", "task", "1234", "ann@example.com"]
        let editor = ElasticLineEditor(users: users) { "~\($0)~" }
        let replaced = editor.edit(line, kind: kind, time: flags & 128 == 0 ? nil : time)
        _ = editor.edit(line, kind: .metadata, time: nil)
        require(!replaced.contains(UInt8(ascii: "\n")), "an edited line holds a newline")
        guard sent.result.accepted == 1, let before = sent.rows.first else { return 0 }
        checkTime(line, timed, before, time)
        guard replaced.count < 300_000 else { return 0 }
        let after = send(replaced)
        require(after.result.accepted == 1, "\(text(replaced)), with pseudonyms, is \(after.result.errors)")
        require(after.rows.first?.ids == before.ids, "\(text(line)) with pseudonyms is another event")
        return 0
    }

    private static func send(_ line: [UInt8]) -> FedStream {
        FedStream(Samples.metadata + [UInt8(ascii: "\n")] + line + [UInt8(ascii: "\n")], FedStream.Manner())
    }

    private static func kind(of sent: FedStream) -> ElasticLineKind? {
        sent.batches.first.flatMap { batch in
            batch.events.first.map { ElasticLineKind($0.kind) }
                ?? batch.sideEvents.first.map { ElasticLineKind($0.kind) }
        }
    }

    private static func read(_ line: [UInt8]) {
        for kind in [Event.Kind.transaction, .span] { check(ElasticDetails.read(line, kind: kind)) }
        for kind in SideEvent.Kind.allCases { check(ElasticDetails.read(line, kind: kind)) }
        _ = ElasticDetails.metadataFields(line)
    }

    private static func check(_ details: EventDetails) {
        for scalar in details.json.unicodeScalars {
            require(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "a control character in JSON")
        }
    }

    /// A filled-in time is the event's, and nothing else changes; one that is there stays.
    private static func checkTime(_ line: [UInt8], _ timed: [UInt8], _ before: EventRow, _ time: Int64) {
        guard timed != line, timed.count < 300_000 else { return }
        let after = send(timed)
        guard let row = after.rows.first else {
            require(false, "\(text(timed)), with a time, is \(after.result.errors)")
            return
        }
        require(row.numbers[1] == time, "\(text(timed)) is at \(row.numbers[1])")
        require(row.ids == before.ids && row.texts == before.texts, "\(text(line)) with a time is another event")
        let kind = row.isSide ? SideEvent.Kind(rawValue: UInt8(row.numbers[0])).map { ElasticLineKind($0) } : nil
        let editor = ElasticLineEditor()
        let eventKind = Event.Kind(rawValue: UInt8(row.numbers[0])).map { ElasticLineKind($0) }
        if let kind = kind ?? eventKind {
            require(editor.edit(timed, kind: kind, time: 5) == timed, "\(text(timed)) gets another time")
        }
    }

    private static func text(_ line: [UInt8]) -> String { String(decoding: line, as: UTF8.self) }
}
