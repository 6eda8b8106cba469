import Testing
import TraceCore
import TraceIntake

@Suite("Pieces")
struct ChunkingTests {
    /// A stream with a line of everything: all kinds, errors, empty and oversize lines, no newline at its end.
    private var body: [UInt8] {
        let long = Smallest.transaction.with("transaction.context.custom.x", Rule.quoted("x", 3000)).json
        let lines = [
            Smallest.metadata.json, Smallest.transaction.json, "", Smallest.span.json + "\r", "{\"x\":1}", long,
            Smallest.error.json, Smallest.metadata.with("metadata.service.name", "\"b\"").json, Smallest.metricset.json,
            Smallest.log.json, long, Smallest.transaction.with("transaction.name", "\"\\u00e9\"").json,
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    @Test("every size of pieces gives the same result")
    func sizes() {
        let body = body
        let whole = Intake(body, maximumEventSize: 2000)
        #expect(whole.result.accepted == 6)
        #expect(whole.result.rejected == 4)
        for size in Array(1...70) + [500, 1999, 2000, 2001, 3000] {
            let pieces = stride(from: 0, to: body.count, by: size).map { body[$0..<min($0 + size, body.count)] }
            #expect(Intake(pieces: pieces, maximumEventSize: 2000).description == whole.description, "\(size)")
        }
    }

    @Test("random pieces give the same result")
    func random() {
        var generator = SplitMix(state: 1)
        let body = body
        let whole = Intake(body, maximumEventSize: 2000)
        for _ in 0..<200 {
            let pieces = Self.pieces(body, &generator)
            #expect(Intake(pieces: pieces, maximumEventSize: 2000).description == whole.description)
        }
    }

    static func pieces(_ body: [UInt8], _ generator: inout SplitMix) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        let most = 1 << Int.random(in: 0..<14, using: &generator)
        while start < body.count {
            let end = min(body.count, start + Int.random(in: 0...most, using: &generator))
            pieces.append(body[start..<end])
            start = end
        }
        return pieces
    }
}
