import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Blocks of spans")
struct SpanBlockTests {
    /// Spans that differ in everything a block keeps, ids that meet and ids of all kinds among them.
    private func spans(seed: UInt64, count: Int) -> [(Event, SpanShape)] {
        var generator = SeededGenerator(seed: seed)
        func number(_ values: [Int64]) -> Int64 { values.randomElement(using: &generator) ?? 0 }
        func id() -> Identifier {
            let word = UInt64.random(in: 0...UInt64(count), using: &generator)
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: return .long(word, 7)
            case 1: return .text(Array("id \(word)".utf8))
            case 2: return .text([])
            case 3: return .short(word &* 0x9E37_79B9_7F4A_7C15)
            default: return .short(word)
            }
        }
        let edges: [Int64] = [0, 1, 127, 128, 1 << 40, .max, Microseconds.instants.lowerBound, -1]
        return (0..<count).map { _ in
            var event = Event(
                kind: .span, trace: 0, id: id(), process: 0, start: number(edges) / 2,
                duration: number([0, 1, 300, Microseconds.tenYears]),
                line: BodyRange(
                    offset: Int(number([0, 5, 70_000, 1 << 33])), length: Int(number([0, 900, 1 << 20]))))
            if number([0, 1]) == 1 { event.transaction = id() }
            if number([0, 1]) == 1 { event.parent = number([0, 1]) == 1 ? event.transaction : id() }
            if number([0, 1, 2]) == 1 { event.offset = number(edges) }
            event.compressed = number([0, 1]) == 1
            event.outcome = Event.Outcome.allCases.randomElement(using: &generator) ?? .unknown
            var shape = SpanShape()
            shape.values[0] = SpanBlock.Form(event).rawValue
            for member in 1..<8 { shape.values[member] = number([0, 1, 2, Int64.max, 1 << 20]) }
            return (event, shape)
        }
    }

    private func block(_ spans: [(Event, SpanShape)], start: Int64) -> [UInt8] {
        var writer = SpanBlockWriter()
        var sink = ByteSink()
        // What was written before leaves nothing behind.
        for part in [spans.reversed().prefix(9), spans[...]] {
            writer.begin(start: start)
            for (event, shape) in part { writer.append(event, shape) }
            writer.write(to: &sink)
        }
        #expect(writer.count == spans.count)
        return Array(sink.bytes)
    }

    @Test("give every member back", arguments: Array(1...30) as [UInt64])
    func roundTrip(seed: UInt64) throws {
        let spans = spans(seed: seed, count: [0, 1, 2, 40, 700][Int(seed % 5)])
        try block(spans, start: Int64(seed)).withUnsafeBytes { bytes in
            var reader = try SpanBlockReader(bytes, start: Int64(seed))
            for (event, shape) in spans {
                let row = try #require(try reader.next())
                #expect(row.shape == shape)
                #expect(row.id == event.id && row.transaction == event.transaction && row.parent == event.parent)
                #expect(row.start == event.start && row.duration == event.duration && row.offset == event.offset)
                #expect(row.lineOffset == event.line.offset && row.lineLength == event.line.length)
                #expect(row.shape.form.outcome == Int64(event.outcome.rawValue))
                #expect(row.shape.form.has(SpanBlock.Form.isCompressed) == event.compressed)
            }
            #expect(try reader.next() == nil)
        }
    }

    @Test("are small: a span of an agent takes about twenty bytes")
    func size() throws {
        var generator = SeededGenerator(seed: 3)
        let transactions = (0..<100).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
        var offset = 500
        let spans = (0..<500).map { index in
            var event = Event(
                kind: .span, trace: 0, id: .short(UInt64.random(in: .min ... .max, using: &generator)), process: 0,
                start: 1_700_000_000_000_000 + Int64(index) * 900, duration: 12_345,
                line: BodyRange(offset: offset, length: 4_800))
            offset += 4_801
            event.transaction = .short(transactions[index % 100])
            event.parent = event.transaction
            var shape = SpanShape()
            shape.values[0] = SpanBlock.Form(event).rawValue
            for member in 1..<8 { shape.values[member] = Int64(100 + index % 5) }
            return (event, shape)
        }
        #expect(block(spans, start: 1_700_000_000_000_000).count < 500 * 21)
    }

    @Test("that are damaged are an error or other spans, never a trap", arguments: Array(1...20) as [UInt64])
    func damaged(seed: UInt64) throws {
        let whole = block(spans(seed: seed, count: 20), start: 0)
        var generator = SeededGenerator(seed: seed)
        func read(_ bytes: [UInt8]) -> Int? {
            bytes.withUnsafeBytes { bytes in
                do {
                    var reader = try SpanBlockReader(bytes, start: .max)
                    var count = 0
                    while try reader.next() != nil { count += 1 }
                    return count
                } catch {
                    return nil
                }
            }
        }
        #expect(read(whole) == 20)
        for length in whole.indices { #expect((read(Array(whole[..<length])) ?? 0) < 20) }
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...4, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = read(bytes)
        }
        for _ in 0..<200 {
            _ = read(
                (0..<Int.random(in: 0...60, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator)
                })
        }
    }

    @Test(
        "say of every id that they name, and of its beginnings, that they may name it",
        arguments: Array(1...5) as [UInt64])
    func naming(seed: UInt64) throws {
        var words: [UInt64] = []
        var generator = SeededGenerator(seed: seed)
        let spans = (0..<30).map { _ in
            words.append(UInt64.random(in: .min ... .max, using: &generator))
            return (
                Event(
                    kind: .span, trace: 0, id: .short(words[words.count - 1]), process: 0, start: 0, duration: 0,
                    line: BodyRange(offset: 0, length: 0)), SpanShape()
            )
        }
        try block(spans, start: 0).withUnsafeBytes { bytes in
            let reader = try SpanBlockReader(bytes, start: 0)
            for word in words {
                let text = Array(Identifier.short(word).utf8)
                #expect(reader.mayName(WordRange(only: .short(word))))
                for length in 0...16 { #expect(reader.mayName(WordRange(beginningWith: Array(text.prefix(length))))) }
                #expect(!reader.mayName(WordRange(beginningWith: text + text)))
                #expect(!reader.mayName(WordRange(only: .short(word ^ 1))))
            }
            #expect(!reader.mayName(WordRange(beginningWith: Array("xyz".utf8))))
        }
    }

    @Test("of a run with very many spans: a second delivery adds nothing, before and after a restart")
    func wide() async throws {
        let database = try TemporaryDatabase()
        func delivery(_ numbers: Range<Int>) -> Delivery {
            EventBatch.filled { batch in
                let model = batch.event(.span, "odd", start: 5, duration: 1)
                batch.events.append(model)
                for number in numbers {
                    var event = model
                    event.id = .short(UInt64(number))
                    event.line = BodyRange(offset: 0, length: 1)
                    batch.events.append(event)
                }
            }.delivery()
        }
        let count = KnownSpans.wideCount
        let writer = try database.writer()
        #expect(await writer.store(delivery(0..<count / 2)) == .stored(duplicates: 0))
        #expect(await writer.store(delivery(count / 4..<count)) == .stored(duplicates: count / 4 + 1))
        #expect(try database.rowCounts()["span_ids"] == count + 1)
        #expect(await writer.store(delivery(count - 5..<count + 10)) == .stored(duplicates: 6))
        await writer.close()
        #expect(try await database.store(delivery(0..<count + 11)) == [.stored(duplicates: count + 11)])
        #expect(try database.rowCounts()["parts"] == 4)
        #expect(try database.traces().first?.events.count == count + 12)
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
    }
}
