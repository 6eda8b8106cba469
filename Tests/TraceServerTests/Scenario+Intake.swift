import TraceCore

@testable import TraceServer

/// Of `/intake/v2/events`.
extension Scenario {
    static func intake(_ errors: [UInt8]) -> [Scenario] {
        [
            Scenario(
                name: "method", method: "GET", path: "/intake/v2/events?verbose", status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"only POST requests are supported"}]}"#,
                loss: "only POST requests are supported"),
            Scenario(
                name: "content-type", headers: ["Content-Type": "application/json"], body: errors, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"invalid content type: 'application/json'"}]}"#,
                loss: "invalid content type"),
            Scenario(
                name: "content-type-charset", path: "/intake/v2/events?verbose",
                headers: ["Content-Type": "application/x-ndjson; charset=utf-8"], body: errors, status: 202,
                answer: #"{"accepted":5}"#),
            Scenario(
                name: "content-type-charset none", path: "/intake/v2/events?verbose=", body: errors, status: 202,
                answer: #"{"accepted":5}"#),
            Scenario(
                name: "empty-body", path: "/intake/v2/events?verbose", status: 202, answer: #"{"accepted":0}"#),
            Scenario(
                name: "empty-body-gzip-header", path: "/intake/v2/events?flushed=true",
                headers: ["Content-Encoding": "gzip", "Content-Type": "application/x-ndjson"], status: 202, answer: ""),
            Scenario(
                name: "gzip-ok", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "gzip"],
                body: Streams.gzip(errors), status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "deflate-ok", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "deflate"],
                body: Streams.zlib(errors), status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "gzip-sniffed gzip", path: "/intake/v2/events?verbose", body: Streams.gzip(errors),
                status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "gzip-sniffed zlib", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "br"],
                body: Streams.zlib(errors), status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "gzip-bad", headers: ["Content-Encoding": "gzip"], body: errors, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"data decoding error: gzip: invalid header"}]}"#,
                loss: "data decoding error: gzip: invalid header"),
            Scenario(
                name: "deflate-bad", headers: ["Content-Encoding": "deflate"], body: errors, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"data decoding error: zlib: invalid header"}]}"#,
                loss: "data decoding error: zlib: invalid header"),
            Scenario(
                name: "too-large-metadata", body: errors, eventBytes: 10, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"event exceeded the permitted size","#
                    + #""document":"{\"metadata"}]}"#),
            Scenario(
                name: "shutdown", body: errors, outcome: .shuttingDown, status: 503,
                answer: #"{"accepted":0,"errors":[{"message":"server is shutting down"}]}"#,
                loss: "server is shutting down"),
            Scenario(
                name: "queue-full", body: errors, outcome: .queueFull, status: 503,
                answer: #"{"accepted":0,"errors":[{"message":"#
                    + #""cannot handle stream: cannot process batch: queue is full"}]}"#,
                answerHeaders: ["retry-after": "5"],
                loss: "cannot handle stream: cannot process batch: queue is full"),
            Scenario(
                name: "storage-failed", body: errors, outcome: .failed("disk I/O error in /secret/path"), status: 503,
                answer: #"{"accepted":0,"errors":[{"message":"#
                    + #""cannot handle stream: the events could not be stored"}]}"#,
                answerHeaders: ["retry-after": "5"],
                loss: "cannot handle stream: the events could not be stored"),
            Scenario(name: "non-verbose", body: errors, status: 202, answer: ""),
            Scenario(
                name: "method put", method: "PUT", path: "/intake/v2/events?verbose", body: errors, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"only POST requests are supported"}]}"#,
                loss: "only POST requests are supported"),
            Scenario(
                name: "method head", method: "HEAD", status: 400, answer: "", loss: "only POST requests are supported"),
            Scenario(
                name: "other-content-type", path: "/intake/v2/events?verbose",
                headers: ["Content-Type": "text/plain"], body: errors, status: 400,
                answer: #"{"accepted":0,"errors":[{"message":"invalid content type: 'text/plain'"}]}"#,
                loss: "invalid content type"),
            Scenario(
                name: "content-type-charset list", path: "/intake/v2/events?flushed&verbose=false",
                headers: ["Content-Type": "text/plain, application/x-ndjson"], body: errors, status: 202,
                answer: #"{"accepted":5}"#),
            Scenario(
                name: "gzip-ok upper-case", path: "/intake/v2/events?verbose", headers: ["Content-Encoding": "GZIP"],
                body: Streams.gzip(errors), status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "gzip-sniffed undeclared-zlib", path: "/intake/v2/events?verbose", body: Streams.zlib(errors),
                status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "read-error", body: Array(Streams.transactions(5).utf8), breaksOff: true, status: 500,
                answer: #"{"accepted":5,"errors":[{"message":"cannot handle stream: the connection broke off"}]}"#),
            Scenario(
                name: "metadata-only", path: "/intake/v2/events?verbose",
                body: Array(Streams.errors(0).utf8), status: 202, answer: #"{"accepted":0}"#),
        ]
    }
}
