import Testing

/// The recordings of the project.
enum SampleTrace: String, CaseIterable, CustomTestStringConvertible {
    case pipeline = "pipeline-3users.ndjson"
    case before = "before-3users.ndjson"
    case after = "after-3users.ndjson"
    case manyBefore = "before-1000users.ndjson.gz"
    case manyAfter = "after-1000users.ndjson.gz"

    var path: String { "\(Project.sampleTraces)/\(rawValue)" }
    var testDescription: String { rawValue }
    var users: Int { self == .manyBefore || self == .manyAfter ? 1_000 : 3 }

    var traceID: String {
        switch self {
        case .pipeline: "9256cdb6478e4dbae7306f05fd0b7a2d"
        case .before: "32c3250a8c2f8a900b47bc4965848205"
        case .after: "c0adab0e4194452a0e2164f75282e279"
        case .manyBefore: "1f482a23b09a1c1fe13b2e22d7cf595b"
        case .manyAfter: "60f95f23d57e59b461ac50c97cb618f4"
        }
    }

    /// Events in the file: the root, a transaction and five spans per user, six metricsets.
    var events: Int { 7 + 6 * users }

    /// The lines of a plain recording: the metadata first.
    func lines() throws -> [String] {
        String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
