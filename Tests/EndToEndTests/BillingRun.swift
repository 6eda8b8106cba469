import Foundation
import Testing

/// A run of the billing runner of the sample traces.
struct BillingRun: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    var design: String
    var users: Int
    var slots: Int
    var scale: Double
    var failing = 0
    /// Seconds from one heartbeat beside the run to the next; 0 is none.
    var heartbeat = 0.0

    /// Each design with few users and with many. The pipeline bills one after the other, so its many get little work.
    static let all: [BillingRun] = [
        BillingRun(design: "pipeline", users: 3, slots: 1, scale: 1),
        BillingRun(design: "semaphore", users: 3, slots: 2, scale: 1),
        BillingRun(design: "queue", users: 3, slots: 2, scale: 1),
        BillingRun(design: "pipeline", users: 100, slots: 1, scale: 0.1),
        BillingRun(design: "semaphore", users: 100, slots: 10, scale: 1),
        BillingRun(design: "queue", users: 100, slots: 10, scale: 1),
    ]

    /// What the median of the users may be off, µs.
    static let medianLimit = 5_000
    /// What any user may be off, µs.
    var limit: Int { users <= 3 ? 20_000 : 50_000 }

    var description: String { "\(design) with \(users) users" }
    var testDescription: String { description }

    /// When a user was opened, admitted and finished, as the runner has measured it.
    struct Clock: Decodable {
        var user: String
        var openedUs: Int
        var admittedUs: Int
        var finishedUs: Int
    }

    /// Runs it against `waitline serve`, told of nothing but the server's address; what its clock says.
    func record(python: String, in sandbox: Sandbox) throws -> [Clock] {
        let server = try RunningServe(sandbox)
        let clock = sandbox.path("clock.ndjson")
        let arguments = [
            "\(Project.sampleTraces)/runner/billing_runner.py", "--design", design, "--users", "\(users)", "--slots",
            "\(slots)", "--scale", "\(scale)", "--seed", "7", "--fail", "\(failing)", "--clock", clock,
            "--heartbeat", "\(heartbeat)",
        ]
        // Looking for a cloud provider would leave the machine.
        let agent = ["ELASTIC_APM_SERVER_URL": server.url, "ELASTIC_APM_CLOUD_PROVIDER": "none"]
        let outcome = try sandbox.run(python, arguments, environment: agent, seconds: 120)
        try #require(outcome.ending == .exit(0), "the runner: \(outcome.ending), \(outcome.errors)")
        server.stop()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try Files.read(clock).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Clock.self, from: Data($0))
        }
    }
}
