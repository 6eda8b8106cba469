import Foundation
import Testing
import TraceCore
import TraceIntake

/// The streams that upstream's own tests send, and a recording of a real agent, where they are at hand.
enum Fixtures {
    /// The folder named by the environment, else the one beside the checkout.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["WAITLINE_FIXTURES"].map { URL(fileURLWithPath: $0) }
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = named ?? checkout.deletingLastPathComponent().appendingPathComponent("shared/fixtures")
        let list = folder.appendingPathComponent("expected.json")
        return FileManager.default.fileExists(atPath: list.path) ? folder : nil
    }()

    struct Expectation: Decodable, Sendable, CustomTestStringConvertible {
        struct Failure: Decodable, Sendable {
            var messageContains: String
        }

        var file: String
        var accepted: Int
        var errors: [Failure]
        var status: Int

        var testDescription: String { file }
    }

    /// What is expected of streams with the long keys, of which alone this intake knows.
    static let expectations: [Expectation] = {
        guard let folder, let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")) else {
            return []
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = (try? decoder.decode([Expectation].self, from: data)) ?? []
        return all.filter { !$0.file.hasPrefix("intake-v3/") }
    }()

    static func read(_ file: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: #require(folder).appendingPathComponent(file)))
    }

    static let absent: Comment = "the fixtures are not beside the checkout, nor does WAITLINE_FIXTURES name them"
}

@Suite("Upstream's streams", .enabled(if: Fixtures.folder != nil, Fixtures.absent))
struct FixtureTests {
    @Test("are all there")
    func complete() {
        #expect(Fixtures.expectations.count >= 29)
        print("RAN: fixtures")
    }

    @Test("are answered as expected, in whatever pieces", arguments: Fixtures.expectations)
    func stream(_ expected: Fixtures.Expectation) throws {
        let body = try Fixtures.read(expected.file)
        let whole = Intake(body)
        #expect(whole.result.accepted == expected.accepted)
        #expect(whole.result.errors.count == expected.errors.count)
        for (error, expectation) in zip(whole.result.errors, expected.errors) {
            #expect(error.message.contains(expectation.messageContains))
        }
        #expect(whole.result.errors.isEmpty == (expected.status == 202))
        var generator = SplitMix(state: UInt64(body.count))
        for _ in 0..<3 {
            let pieces = ChunkingTests.pieces(body, &generator)
            #expect(Intake(pieces: pieces).description == whole.description)
        }
    }

    @Test("a real agent's are accepted, in whatever pieces")
    func realAgent() throws {
        let body = try Fixtures.read("node-agent/apm-nodejs-traces-3.29.0.ndjson")
        let whole = Intake(body)
        #expect(whole.result.accepted == 1844)
        #expect(whole.messages == [])
        #expect(whole.batch.traces.count == 722)
        var generator = SplitMix(state: 3)
        for _ in 0..<2 {
            let intake = Intake(pieces: ChunkingTests.pieces(body, &generator))
            #expect(intake.description == whole.description)
        }
    }
}
