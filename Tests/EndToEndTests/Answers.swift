import Foundation
import Testing

/// The JSON of `waitline runs`.
struct RunsAnswer: Decodable, Equatable {
    var schema: String
    var runs: [Run]

    struct Run: Decodable, Equatable {
        var traceId: String
        var name: String?
        var service: String
        var startUs: Int
        var makespanUs: Int
        var arriving: Bool
        var transactions: Int
        var spans: Int
        var errors: Int
        var tasks: Int
        var failed: Int
        var slots: Int?
        var waitShare: Double
    }
}

/// The JSON of `waitline waterfall`.
struct WaterfallAnswer: Decodable {
    var schema: String
    var traceId: String
    var startUs: Int
    var makespanUs: Int
    var groups: [Group]
    var rows: [Row]
    var rowsLeftOut: Int

    struct Group: Decodable {
        var tasks: Int
        var slots: Int
        var poolSeen: Bool
        var reading: String
        var occupancy: Double?
        var waited: Int
        var dense: Bool
        var makespanUs: Int
        var chain: [String]
        /// With `--chain`.
        var flow: Flow?
    }

    /// How the tasks of a group went through it.
    struct Flow: Decodable {
        var chainSlotUs: Int
        var chainShare: Double
        var fullShare: Double
        var meanTasks: Double
        var arrivalsPerSecond: Double
        var meanTimeUs: Double
        var slowdownFairness: Double
    }

    struct Row: Decodable {
        var id: String
        var service: String
        var parentId: String?
        var transactionId: String?
        var depth: Int
        var kind: String
        var name: String?
        var user: String?
        var outcome: String
        var startUs: Int
        var durationUs: Int
        var totalUs: Int?
        var waitUs: Int?
        var workUs: Int?
        var delayUs: Int?
        var waitSource: String?
        var releasedBy: String?
        var flags: [String]
        var states: [State]?
    }

    struct State: Decodable {
        var state: String
        var source: String?
        var startUs: Int
        var durationUs: Int
    }

    /// The rows of tasks, which have users.
    var tasks: [Row] { rows.filter { $0.kind == "transaction" && $0.user != nil } }
}

/// The JSON of `waitline report`.
struct ReportAnswer: Decodable {
    var schema: String
    var by: String
    var tasks: Int
    var unsampled: Int
    var incomplete: Int
    var runs: Int
    var arriving: Int
    var overall: Summary
    var groups: [Summary]
    var groupsLeftOut: Int

    struct Summary: Decodable {
        /// Of a group of one dimension.
        var key: Key?
        var tasks: Int
        var failed: Int
        var totalUs: Percentiles
        var waitUs: Percentiles
        var workUs: Percentiles
        var selfUs: Percentiles
        var delayUs: Percentiles
        var waitShare: Double
    }

    struct Percentiles: Decodable, Equatable {
        var p50: Int
        var p90: Int
        var p95: Int
        var p99: Int
        var max: Int
        var mean: Int
        var sum: Int
    }

    /// A text, or the values of several dimensions.
    enum Key: Decodable, Hashable {
        case text(String)
        case values([String: String?])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .values(try container.decode([String: String?].self))
            }
        }
    }

    /// The group of a key of one dimension; nil for that of tasks without one.
    func group(_ key: String?) -> Summary? { groups.first { $0.key == key.map { .text($0) } } }

    var keys: [String?] {
        groups.map { group in
            if case .text(let text)? = group.key { text } else { nil }
        }
    }
}

/// The JSON of `waitline import`.
struct ImportAnswer: Decodable {
    var schema: String
    var files: Int
    var accepted: Int
    var duplicates: Int
    var conflicts: Int
    var rejected: Int
    var errors: [Rejection]

    struct Rejection: Decodable {
        var file: String
        var line: Int
        var message: String
    }
}

/// What the JSON of `waitline database info` says of losses.
struct InformationAnswer: Decodable {
    var losses: [Loss]
    var oddTimes: [Loss]

    struct Loss: Decodable {
        var reason: String
        var unit: String
        var looksLike: String?
        var count: Int
        var offenders: [Offender]
    }

    struct Offender: Decodable {
        var service: String?
        var line: Int?
        var document: String?
    }
}

extension Outcome {
    /// What standard output says in JSON.
    func decoded<Answer: Decodable>(_ type: Answer.Type = Answer.self) throws -> Answer {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(outputBytes))
    }
}

extension Sandbox {
    func runs(_ arguments: String..., environment: [String: String?] = [:]) throws -> RunsAnswer {
        try run(Project.binary, ["runs", "--all", "--format", "json"] + arguments, environment: environment)
            .succeeded().decoded()
    }

    func waterfall(_ arguments: String...) throws -> WaterfallAnswer {
        try run(Project.binary, ["waterfall", "--format", "json"] + arguments).succeeded().decoded()
    }

    func report(_ arguments: String...) throws -> ReportAnswer {
        try run(Project.binary, ["report", "--format", "json"] + arguments).succeeded().decoded()
    }

    /// Imports files that have to be taken whole.
    @discardableResult
    func importing(_ files: String..., input: [UInt8] = []) throws -> ImportAnswer {
        try run(Project.binary, ["import", "--format", "json"] + files, input: input).succeeded().decoded()
    }
}
