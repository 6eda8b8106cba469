import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct MonitoringTests {
    private func figures(of server: RunningServer) async throws -> PrometheusParser {
        let answer = try await server.client().get("/metrics")
        #expect(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusParser(answer.text)
    }

    @Test func `what requests brought is counted, by reason where it was not taken`() async throws {
        try await RunningServer.run {
            $0.limits.eventBytes = 1_000
            $0.identity.buildRevision = "a \"quoted\"\\name\nof two lines"
        } _: { server in
            let client = server.client()
            let large = #"{"error":{"id":"e","log":{"message":"\#(String(repeating: "x", count: 1_000))"}}}"#
            let lines = [
                Streams.metadata, #"{"error":{"id":"e","log":{"message":"m"}}}"#, #"{"error":{}}"#,
                #"{"error":{"#, large,
                #"{"nonsense":{}}"#, #"{"nonsense":{}}"#,
            ]
            let body = Array(Streams.lined(lines).utf8)
            #expect(try await client.post("/intake/v2/events", body: body).status == 400)
            #expect(try await client.post("/intake/v2/events", body: Streams.gzip(Streams.errors(5))).status == 202)
            #expect(try await client.get("/intake/v2/events").status == 400)
            #expect(try await client.get("/nowhere").status == 404)
            let page = try await figures(of: server)
            #expect(page.value("waitline_events_accepted_total") == 6)
            let reasons = ["too_large": 1.0, "unknown_type": 2, "queue_full": 0]
            var rejected = 0.0
            for reason in RejectionReason.allCases {
                rejected += try #require(page.value("waitline_events_rejected_total", ["reason": reason.rawValue]))
            }
            #expect(rejected == 5)
            let faulty = ["validation", "decode"].compactMap {
                page.value("waitline_events_rejected_total", ["reason": $0])
            }
            #expect(faulty.allSatisfy { $0 >= 1 } && faulty.reduce(0, +) == 2)
            for (reason, count) in reasons {
                #expect(page.value("waitline_events_rejected_total", ["reason": reason]) == count, "\(reason)")
            }
            for (endpoint, status, count) in [
                ("events", "202", 1.0), ("events", "400", 2), ("unknown", "404", 1),
            ] {
                #expect(
                    page.value("waitline_requests_total", ["endpoint": endpoint, "status": status]) == count)
            }
            let sent = body.count + Streams.gzip(Streams.errors(5)).count
            #expect(page.value("waitline_received_bytes_total") == Double(sent))
            #expect(
                page.value("waitline_decoded_bytes_total") == Double(body.count + Streams.errors(5).utf8.count))
            #expect(page.value("waitline_connections_open").map { $0 >= 1 } == true)
            #expect(page.value("waitline_connections_total").map { $0 >= 2 } == true)
            #expect(
                page.value(
                    "waitline_build_info",
                    [
                        "revision": "a \"quoted\"\\name\nof two lines", "build_date": "1970-01-01T00:00:00Z",
                        "speaks": "8.19.0",
                    ]) == 1)
            #expect(page.value("process_start_time_seconds") == 1_700_000_000)
            #if os(Linux)
                #expect(page.value("process_resident_memory_bytes").map { $0 > 1_000_000 } == true)
                #expect(page.value("process_open_fds").map { $0 > 3 } == true)
            #endif
            #expect(page.value("process_cpu_seconds_total").map { $0 > 0 } == true)
            // The page before is counted in the one behind it, and nothing falls.
            let next = try await figures(of: server)
            #expect(next.value("waitline_requests_total", ["endpoint": "metrics", "status": "200"]) == 1)
            for (sample, value) in page.samples where page.types[sample.name] == "counter" {
                #expect(next.samples[sample].map { $0 >= value } == true, "\(sample.name)")
            }
            await client.close()
        }
    }

    @Test(arguments: [
        (DeliveryOutcome.queueFull, "queue_full"), (.shuttingDown, "shutting_down"), (.failed("no disk"), "not_stored"),
    ])
    func `events that the store does not take are rejected ones`(_ outcome: DeliveryOutcome, _ reason: String)
        async throws
    {
        try await RunningServer.run(sink: RecordingSink(outcome: outcome)) { server in
            let answer = try await server.client().post("/intake/v2/events", body: Array(Streams.errors(3).utf8))
            #expect(answer.status == 503)
            let page = try await figures(of: server)
            #expect(page.value("waitline_events_accepted_total") == 0)
            #expect(page.value("waitline_events_rejected_total", ["reason": reason]) == 3)
        }
    }

    @Test func `events that are lost to others with their ids are rejected ones, all the same 202`() async throws {
        try await RunningServer.run(sink: RecordingSink(outcome: .stored(duplicates: 1, conflicts: 2))) { server in
            let answer = try await server.client().post("/intake/v2/events", body: Array(Streams.errors(5).utf8))
            #expect(answer.status == 202)
            let page = try await figures(of: server)
            #expect(page.value("waitline_events_accepted_total") == 3)
            #expect(page.value("waitline_events_duplicate_total") == 1)
            #expect(page.value("waitline_events_rejected_total", ["reason": "same_id"]) == 2)
        }
    }

    @Test func `how the store is doing is shown as it says`() async throws {
        var store = StoreStatus()
        store.waitingDeliveries = 3
        store.waitingBytes = 4_000
        store.waitingLimit = 64 << 20
        store.commits = 12
        store.failedCommits = 2
        store.commitTimes.count = 12
        store.commitTimes.sum = 0.75
        store.commitTimes.buckets = [(0.001, 2), (0.00001, 2), (0.5, 11)]
        store.databaseBytes = 1 << 40
        store.logBytes = 5
        store.problem = "no room"
        try await RunningServer.run(sink: RecordingSink(status: store)) { server in
            let page = try await figures(of: server)
            #expect(page.value("waitline_queue_requests") == 3)
            #expect(page.value("waitline_queue_bytes") == 4_000)
            #expect(page.value("waitline_queue_limit_bytes") == 67_108_864)
            #expect(page.value("waitline_commits_total") == 12)
            #expect(page.value("waitline_commits_failed_total") == 2)
            #expect(page.types["waitline_commit_seconds"] == "histogram")
            for (bound, count) in [("0.001", 2.0), ("1e-05", 2), ("0.5", 11), ("+Inf", 12)] {
                #expect(page.value("waitline_commit_seconds_bucket", ["le": bound]) == count)
            }
            #expect(page.value("waitline_commit_seconds_sum") == 0.75)
            #expect(page.value("waitline_commit_seconds_count") == 12)
            #expect(page.value("waitline_database_bytes") == 1_099_511_627_776)
            #expect(page.value("waitline_database_log_bytes") == 5)
            #expect(page.value("waitline_store_writable") == 0)
        }
    }

    @Test func `health is whether events can be stored now`() async throws {
        try await RunningServer.run {
            $0.secretToken = "secret"
        } _: { server in
            let connection = try server.connect()
            for (text, status, body) in [
                (nil, 200, "{\"status\":\"ok\"}\n"),
                ("no \"room\"\n", 503, "{\"status\":\"unavailable\",\"problem\":\"no \\\"room\\\"\\u000a\"}\n"),
                (nil, 200, "{\"status\":\"ok\"}\n"),
            ] {
                var store = StoreStatus()
                store.problem = text
                await server.sink.set(store)
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n")
                let answer = try await connection.readAnswer()
                #expect(answer.status == status)
                #expect(answer.body == body)
                #expect(answer.headers["content-type"] == "application/json")
                try await connection.send("HEAD /healthz?x HTTP/1.1\r\nHost: x\r\n\r\n")
                let head = try await connection.readAnswer(toHead: true)
                #expect(head.status == status)
                #expect(head.headers["content-length"] == String(body.utf8.count))
            }
            try await connection.send("POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            #expect(try await connection.readAnswer().status == 405)
            #expect(try await connection.readToEnd() == "")
        }
    }

    @Test func `HEAD of the figures has no body`() async throws {
        try await RunningServer.run { server in
            let connection = try server.connect()
            try await connection.send("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await connection.readAnswer(toHead: true).status == 200)
            #expect(try await connection.readAnswer().body.contains("publish_ready"))
        }
    }
}
