import TestSupport
import Testing
import TraceCompression
import TraceCore

@testable import TraceStorage

@Suite("The lines that were sent")
struct LineTests {
    private static let text = Array("metadata\nfirst line\nsecond\n\nlast".utf8)
    private static let places = [9..<19, 20..<26, 27..<27, 28..<32]

    /// A run whose events' lines stand in a body.
    private func delivery(_ trace: String, _ text: [UInt8]) throws -> Delivery {
        let batch = EventBatch.filled { batch in
            for (number, place) in Self.places.enumerated() {
                var event = batch.event(.transaction, "\(number)", start: 0, duration: 1, of: trace)
                event.line = BodyRange(offset: place.lowerBound, length: place.count)
                batch.events.append(event)
            }
        }
        let body = ReceivedBody(encoding: .gzip, bytes: try Deflater.gzip(text), decodedSize: text.count)
        return Delivery(batch: batch, body: body, requestTime: 1_000)
    }

    private func filled() async throws -> TemporaryDatabase {
        let database = try TemporaryDatabase()
        try await database.store(
            try delivery("a", Self.text), try delivery("b", Array(Self.text.map { $0 == 10 ? 10 : $0 ^ 1 })))
        return database
    }

    private func lines(_ ranges: [BodyRange], _ database: TemporaryDatabase) throws -> [[UInt8]?] {
        try TraceReader(path: database.path).read { try $0.lines(ranges) }
    }

    @Test("come in the order asked, from several bodies, the same twice, and those that overlap")
    func order() async throws {
        let database = try await filled()
        let events = try database.traces().flatMap(\.events)
        #expect(Set(events.map(\.line.body)) == [1, 2])
        var asked = events.map(\.line) + events.reversed().map(\.line)
        asked += [BodyRange(body: 1, offset: 0, length: 32), BodyRange(body: 2, offset: 10, length: 12)]
        let read = try lines(asked, database)
        for (range, line) in zip(asked, read) {
            let sent = Self.text[range.offset..<range.offset + range.length]
            let expected = range.body == 1 ? Array(sent) : sent.map { $0 == 10 ? 10 : $0 ^ 1 }
            #expect(line == expected)
        }
        #expect(try lines([], database).isEmpty)
    }

    @Test("long ones that overlap are each whole")
    func overlapping() async throws {
        let database = try TemporaryDatabase()
        var generator = SeededGenerator(seed: 1)
        let text = (0..<300_000).map { _ in UInt8.random(in: 97...122, using: &generator) }
        try await database.store(try delivery("a", text))
        let places = [100_000..<290_000, 0..<150_000, 70_000..<70_010, 0..<150_000, 149_999..<300_000]
        let read = try lines(
            places.map { BodyRange(body: 1, offset: $0.lowerBound, length: $0.count) }, database)
        #expect(read == places.map { Array(text[$0]) })
    }

    @Test("nil where the body is gone, is damaged, is none of the database, or ends before the line does")
    func gone() async throws {
        let database = try await filled()
        try database.execute(
            """
            PRAGMA foreign_keys = OFF; DELETE FROM bodies WHERE id = 1;
            INSERT INTO bodies SELECT 3, 0, 1, 32, x'1f8b0000' FROM bodies WHERE id = 2;
            INSERT INTO bodies SELECT 4, 0, 9, 32, data FROM bodies WHERE id = 2;
            INSERT INTO bodies SELECT 5, 0, 1, 1000, data FROM bodies WHERE id = 2;
            """)
        let possible = BodyRange(body: 2, offset: 28, length: 4)
        let impossible = [
            BodyRange(body: 1, offset: 0, length: 1), BodyRange(body: 3, offset: 0, length: 1),
            BodyRange(body: 4, offset: 0, length: 1), BodyRange(body: 5, offset: 30, length: 3),
            BodyRange(body: 2, offset: 28, length: 5), BodyRange(body: 2, offset: 33, length: 0),
            BodyRange(body: 2, offset: -1, length: 1), BodyRange(body: 2, offset: 1, length: -1),
            BodyRange(body: 2, offset: .max, length: 1), BodyRange(body: 0, offset: 0, length: 1),
            BodyRange(body: -1, offset: 0, length: 1), BodyRange(body: .min, offset: .min, length: .min),
        ]
        let read = try lines(impossible + [possible], database)
        #expect(read.dropLast().allSatisfy { $0 == nil })
        #expect(read.last == Array("m`ru".utf8))
    }

    @Test("of zlib bodies too")
    func zlib() async throws {
        let database = try TemporaryDatabase()
        // zlib.compress(b"0123456789")
        let bytes: [UInt8] = [
            0x78, 0x9C, 0x33, 0x30, 0x34, 0x32, 0x36, 0x31, 0x35, 0x33, 0xB7, 0xB0, 0x04, 0x00, 0x0A, 0xFF, 0x02, 0x0E,
        ]
        var delivery = EventBatch.run("a").delivery()
        delivery.body = ReceivedBody(encoding: .zlib, bytes: bytes, decodedSize: 10)
        try await database.store(delivery)
        #expect(try lines([BodyRange(body: 1, offset: 3, length: 4)], database) == [Array("3456".utf8)])
    }
}
