import Testing
import TraceCore

@testable import TraceServer

/// What APM Server is known to answer: one request each, and the answer to it.
struct Scenario: Sendable, CustomTestStringConvertible {
    /// The first word is what `http-scenarios.json` calls it.
    let name: String
    var method = "POST"
    var path = "/intake/v2/events"
    /// Beside `Host`, `Content-Length` and `Accept: */*`.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Whether the client ends the connection amid the body.
    var breaksOff = false
    var secretToken: String?
    var eventBytes: Int?
    var outcome = DeliveryOutcome.stored(duplicates: 0)

    let status: Int
    /// JSON, or the empty text for none.
    var answer: String?
    /// The beginning of the member `error`, where all of it does not matter.
    var errorPrefix: String?
    var answerHeaders: [String: String] = [:]
    /// Why it is counted as lost; nil where it is not.
    var loss: String?

    var testDescription: String { name }

    /// Sends the request over a socket of its own, to a server as the scenario wants it.
    func run(_ check: (RawAnswer, RawConnection, RecordingSink) async throws -> Void) async throws {
        let sink = RecordingSink(outcome: outcome)
        try await RunningServer.run(sink: sink) {
            $0.secretToken = secretToken
            $0.limits.eventBytes = eventBytes ?? $0.limits.eventBytes
        } _: { server in
            let connection = try server.connect()
            var head = "\(method) \(path) HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            head += "Content-Length: \(body.count + (breaksOff ? 1 : 0))\r\n\r\n"
            try await connection.send(Array(head.utf8) + body)
            if breaksOff { connection.closeSending() }
            try await check(connection.readAnswer(toHead: method == "HEAD"), connection, sink)
        }
    }
}

extension Scenario {
    /// All of them, those that send `errors.ndjson` with `errors` in its place.
    static func all(sending errors: [UInt8] = Array(Streams.errors(5).utf8)) -> [Scenario] {
        intake(errors) + access(errors) + information
    }
}
