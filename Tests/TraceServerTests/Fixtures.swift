import Foundation
import Testing

/// What upstream's own tests send and expect, and a recording of a real agent, where they are at hand.
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

    static let absent: Comment = "the fixtures are not beside the checkout, nor does WAITLINE_FIXTURES name them"

    /// What a stream of `expected.json` is answered with.
    struct Stream: Decodable, Sendable, CustomTestStringConvertible {
        struct Failure: Decodable, Sendable {
            var messageContains: String
        }

        var file: String
        var accepted: Int
        var errors: [Failure]
        var status: Int

        var testDescription: String { file }
    }

    /// The streams with the long keys, of which alone this intake knows.
    static let streams: [Stream] = {
        guard let data = try? Data(read("expected.json")) else { return [] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let all = (try? decoder.decode([Stream].self, from: data)) ?? []
        return all.filter { !$0.file.hasPrefix("intake-v3/") }
    }()

    /// What is answered to a request of `http-scenarios.json`.
    struct Exchange: Sendable, CustomTestStringConvertible {
        var name: String
        var status: Int
        /// JSON, with `_contains` at the end of a key, or a value in angle brackets, where not all of it is known.
        var body: Data
        var headers: [String: String]

        var testDescription: String { name }
    }

    /// The requests but those that need what this server has not: access for anonymous agents, and a store of
    /// configurations that can be down.
    static let exchanges: [Exchange] = {
        guard let data = try? Data(read("http-scenarios.json")),
            let all = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { return [] }
        return all.compactMap { stated in
            guard let name = stated["name"] as? String, let status = stated["status"] as? Int,
                let body = stated["body"],
                let text = try? JSONSerialization.data(withJSONObject: body, options: .fragmentsAllowed)
            else { return nil }
            guard name != "anonymous-backend", name != "config-backend-down" else { return nil }
            return Exchange(
                name: name, status: status, body: text, headers: stated["headers"] as? [String: String] ?? [:])
        }
    }()

    static func read(_ file: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: #require(folder).appendingPathComponent(file)))
    }
}
