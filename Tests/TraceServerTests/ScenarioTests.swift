import Foundation
import Testing
import TraceCore

@testable import TraceServer

/// What APM Server is known to answer: one request each, and the answer to it.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    var method = "POST"
    var path = "/intake/v2/events"
    /// Beside `Host`, `Content-Length` and `Accept: */*`.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var secretToken: String?
    var eventBytes: Int?
    var outcome = DeliveryOutcome.stored(duplicates: 0)

    let status: Int
    /// JSON, or the empty text for none.
    var answer: String?
    /// The beginning of the member `error`, where all of it does not matter.
    var errorPrefix: String?
    var answerHeaders: [String: String] = [:]

    var testDescription: String { name }
}

@Suite(.timeLimit(.minutes(1)))
struct ScenarioTests {
    @Test(arguments: Scenario.intake + Scenario.access + Scenario.information)
    func `answers as APM Server does`(_ scenario: Scenario) async throws {
        let sink = RecordingSink(outcome: scenario.outcome)
        try await RunningServer.run(sink: sink) {
            $0.secretToken = scenario.secretToken
            $0.limits.eventBytes = scenario.eventBytes ?? $0.limits.eventBytes
        } _: { server in
            let connection = try server.connect()
            var head = "\(scenario.method) \(scenario.path) HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n"
            for (name, value) in scenario.headers { head += "\(name): \(value)\r\n" }
            head += "Content-Length: \(scenario.body.count)\r\n\r\n"
            try await connection.send(Array(head.utf8) + scenario.body)
            let answer = try await connection.readAnswer()

            #expect(answer.status == scenario.status)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            if let expected = scenario.answer {
                #expect(try json(answer.body) == json(expected))
            }
            if let prefix = scenario.errorPrefix {
                let error = try json(answer.body)["error"] as? String
                #expect(error?.hasPrefix(prefix) == true)
            }
            if !answer.body.isEmpty { #expect(answer.headers["content-type"] == "application/json") }
            for (name, value) in scenario.answerHeaders { #expect(answer.headers[name] == value) }
            if scenario.path.hasPrefix("/intake"), scenario.status >= 400 {
                #expect(answer.headers["connection"] == "Close")
                #expect(try await connection.readToEnd() == "")
            }
        }
    }

    private func json(_ text: String) throws -> NSDictionary {
        guard !text.isEmpty else { return [:] }
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }
}

extension Scenario {
    private static let errors = Array(Streams.errors(5).utf8)

    static let intake: [Scenario] = [
        Scenario(
            name: "method", method: "GET", path: "/intake/v2/events?verbose", status: 400,
            answer: #"{"accepted":0,"errors":[{"message":"only POST requests are supported"}]}"#),
        Scenario(
            name: "content-type", headers: ["Content-Type": "application/json"], body: errors, status: 400,
            answer: #"{"accepted":0,"errors":[{"message":"invalid content type: 'application/json'"}]}"#),
        Scenario(
            name: "content-type-charset", path: "/intake/v2/events?verbose",
            headers: ["Content-Type": "application/x-ndjson; charset=utf-8"], body: errors, status: 202,
            answer: #"{"accepted":5}"#),
        Scenario(
            name: "content-type-none", path: "/intake/v2/events?verbose=", body: errors, status: 202,
            answer: #"{"accepted":5}"#),
        Scenario(
            name: "empty-body", path: "/intake/v2/events?verbose", status: 202, answer: #"{"accepted":0}"#),
        Scenario(
            name: "empty-body-gzip-header", path: "/intake/v2/events?flushed=true",
            headers: ["Content-Encoding": "gzip", "Content-Type": "application/x-ndjson"], status: 202, answer: ""),
        Scenario(
            name: "gzip-ok", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "gzip"],
            body: Streams.gzip(Streams.errors(5)), status: 202, answer: #"{"accepted":5}"#),
        Scenario(
            name: "deflate-ok", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "deflate"],
            body: Streams.zlib(Streams.errors(5)), status: 202, answer: #"{"accepted":5}"#),
        Scenario(
            name: "gzip-sniffed", path: "/intake/v2/events?verbose", body: Streams.gzip(Streams.errors(5)),
            status: 202, answer: #"{"accepted":5}"#),
        Scenario(
            name: "zlib-sniffed", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "br"],
            body: Streams.zlib(Streams.errors(5)), status: 202, answer: #"{"accepted":5}"#),
        Scenario(
            name: "gzip-bad", headers: ["Content-Encoding": "gzip"], body: errors, status: 400,
            answer: #"{"accepted":0,"errors":[{"message":"data decoding error: gzip: invalid header"}]}"#),
        Scenario(
            name: "deflate-bad", headers: ["Content-Encoding": "deflate"], body: errors, status: 400,
            answer: #"{"accepted":0,"errors":[{"message":"data decoding error: zlib: invalid header"}]}"#),
        Scenario(
            name: "too-large-metadata", body: errors, eventBytes: 10, status: 400,
            answer: #"{"accepted":0,"errors":[{"message":"event exceeded the permitted size","#
                + #""document":"{\"metadata"}]}"#),
        Scenario(
            name: "shutdown", body: errors, outcome: .shuttingDown, status: 503,
            answer: #"{"accepted":0,"errors":[{"message":"server is shutting down"}]}"#),
        Scenario(
            name: "queue-full", body: errors, outcome: .queueFull, status: 503,
            answer: #"{"accepted":0,"errors":[{"message":"#
                + #""cannot handle stream: cannot process batch: queue is full"}]}"#,
            answerHeaders: ["retry-after": "5"]),
        Scenario(
            name: "sink-failed", body: errors, outcome: .failed("disk I/O error in /secret/path"), status: 503,
            answer: #"{"accepted":0,"errors":[{"message":"#
                + #""cannot handle stream: the events could not be stored"}]}"#,
            answerHeaders: ["retry-after": "5"]),
        Scenario(name: "non-verbose", body: errors, status: 202, answer: ""),
    ]

    private static let missing =
        "authentication failed: missing or improperly formatted Authorization header: expected "
        + "'Authorization: Bearer secret_token' or 'Authorization: ApiKey base64(API key ID:API key)'"

    static let access: [Scenario] = [
        Scenario(
            name: "no-auth-header", body: errors, secretToken: "secret", status: 401,
            answer: #"{"error":"\#(missing)"}"#),
        Scenario(
            name: "no-scheme", headers: ["Authorization": "secret"], body: errors, secretToken: "secret",
            status: 401, answer: #"{"error":"\#(missing)"}"#),
        Scenario(
            name: "wrong-token", headers: ["Authorization": "Bearer wrong"], body: errors, secretToken: "secret",
            status: 401, answer: #"{"error":"authentication failed"}"#),
        Scenario(
            name: "token-prefix", headers: ["Authorization": "Bearer secre"], body: errors, secretToken: "secret",
            status: 401, answer: #"{"error":"authentication failed"}"#),
        Scenario(
            name: "token-repeated", headers: ["Authorization": "Bearer secretsecret"], body: errors,
            secretToken: "secret", status: 401, answer: #"{"error":"authentication failed"}"#),
        Scenario(
            name: "api-key", headers: ["Authorization": "ApiKey c2VjcmV0"], body: errors, secretToken: "secret",
            status: 401, answer: #"{"error":"authentication failed"}"#),
        Scenario(
            name: "wrong-scheme", headers: ["Authorization": "Basic abc"], body: errors, secretToken: "secret",
            status: 401, errorPrefix: "authentication failed: unknown Authentication header Basic"),
        Scenario(
            name: "right-token", path: "/intake/v2/events?verbose", headers: ["Authorization": "Bearer secret"],
            body: errors, secretToken: "secret", status: 202, answer: #"{"accepted":5}"#),
        Scenario(
            name: "rum-off", path: "/intake/v2/rum/events", body: errors, status: 403,
            errorPrefix: "forbidden request: RUM endpoint is disabled."),
        Scenario(
            name: "rum-off-v3", path: "/intake/v3/rum/events", headers: ["Origin": "http://example.org"],
            body: errors, status: 403, errorPrefix: "forbidden request: RUM endpoint is disabled."),
        Scenario(
            name: "config-no-auth", method: "GET", path: "/config/v1/agents?service.name=x", secretToken: "secret",
            status: 401, answer: #"{"error":"\#(missing)"}"#),
    ]

    static let information: [Scenario] = [
        Scenario(
            name: "root", method: "GET", path: "/", status: 200,
            answer: #"{"build_date":"1970-01-01T00:00:00Z","build_sha":"unknown","publish_ready":true,"#
                + #""version":"8.19.0"}"#),
        Scenario(name: "root-anonymous", method: "GET", path: "/", secretToken: "secret", status: 200, answer: ""),
        Scenario(
            name: "root-wrong-token", method: "GET", path: "/", headers: ["Authorization": "Bearer no"],
            secretToken: "secret", status: 200, answer: ""),
        Scenario(
            name: "root-post", path: "/", body: Array("x".utf8), status: 405,
            answer: #"{"error":"method not supported: POST"}"#),
        Scenario(
            name: "not-found", method: "GET", path: "/foo", status: 404,
            answer: #"{"error":"404 page not found"}"#),
        Scenario(
            name: "otlp", path: "/v1/traces", body: Array("{}".utf8), status: 404,
            answer: #"{"error":"404 page not found"}"#),
        Scenario(
            name: "config-none", method: "GET", path: "/config/v1/agents?service.name=x", status: 200,
            answer: "{}",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-none-post", path: "/config/v1/agents",
            body: Array(#"{"service":{"name":"x","environment":"production"}}"#.utf8), status: 200, answer: "{}",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-304", method: "GET", path: "/config/v1/agents?service.name=x",
            headers: ["If-None-Match": #""-""#], status: 304, answer: "",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-no-service", method: "GET", path: "/config/v1/agents", status: 400,
            answer: #"{"error":"service.name is required"}"#,
            answerHeaders: ["cache-control": "max-age=300, must-revalidate"]),
        Scenario(
            name: "config-no-service-post", path: "/config/v1/agents", body: Array("{\"service\":{}}".utf8),
            status: 400, answer: #"{"error":"service.name is required"}"#),
        Scenario(
            name: "config-no-json", path: "/config/v1/agents", body: Array("service".utf8), status: 400,
            answer: #"{"error":"service.name is required"}"#),
        Scenario(
            name: "config-method", method: "PUT", path: "/config/v1/agents", status: 405,
            answer: #"{"error":"method not supported: PUT"}"#,
            answerHeaders: ["cache-control": "max-age=300, must-revalidate"]),
    ]
}
