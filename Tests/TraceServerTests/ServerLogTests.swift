import Logging
import Synchronization
import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct ServerLogTests {
    /// Keeps what is logged.
    private final class Kept: Sendable {
        private let state = Mutex<[(level: Logger.Level, message: String, details: [String: String])]>([])

        var entries: [(level: Logger.Level, message: String, details: [String: String])] { state.withLock { $0 } }

        func add(_ event: LogEvent) {
            let details = (event.metadata ?? [:]).mapValues { "\($0)" }
            state.withLock { $0.append((event.level, "\(event.message)", details)) }
        }

        func logger(_ level: Logger.Level) -> Logger {
            Logger(label: "test") { _ in Handler(kept: self, logLevel: level) }
        }
    }

    private struct Handler: LogHandler {
        let kept: Kept
        var logLevel: Logger.Level
        var metadata: Logger.Metadata = [:]
        var metadataProvider: Logger.MetadataProvider?

        init(kept: Kept, logLevel: Logger.Level) {
            self.kept = kept
            self.logLevel = logLevel
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { kept.add(event) }
    }

    @Test func `at debug each request is one line, without what may hold a credential`() async throws {
        let kept = Kept()
        try await RunningServer.run(logger: kept.logger(.debug)) {
            $0.secretToken = "hunter2"
            $0.totalsInterval = .seconds(600)
        } _: { server in
            for header in ["Bearer hunter2", "Bearer hunter3", "hunter3", "hunter3 hunter3", "ApiKey hunter3"] {
                let connection = try server.connect()
                let body = Streams.errors(3) + "hunter3\n"
                try await connection.send(
                    "POST http://hunter3@x/intake/v2/events?token=hunter3#hunter3 HTTP/1.1\r\nHost: hunter3\r\n"
                        + "Cookie: hunter3\r\nUser-Agent: hunter3\r\nAuthorization: \(header)\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                #expect(try await connection.readAnswer().status == (header == "Bearer hunter2" ? 400 : 401))
            }
            let connection = try server.connect()
            try await connection.send("GET /a%0Ab?hunter3 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await connection.readAnswer().status == 404)
        }
        let requests = kept.entries.filter { $0.message == "request" }
        #expect(requests.count == 6)
        #expect(requests.allSatisfy { $0.level == .debug })
        let first = try #require(requests.first?.details)
        let body = String((Streams.errors(3) + "hunter3\n").utf8.count)
        for (name, value) in [
            "method": "POST", "path": "/intake/v2/events", "status": "400", "accepted": "3", "rejected": "1",
            "received_bytes": body, "decoded_bytes": body, "client": "127.0.0.1",
        ] {
            #expect(first[name] == value, "\(name)")
        }
        #expect(first["duration_ms"].flatMap { Double($0) }.map { $0 > 0 } == true)
        #expect(Set(first.keys).count == 9)
        #expect(requests.dropFirst().first?.details["received_bytes"] == body)
        #expect(requests.last?.details["path"] == "/a%0Ab")
        for entry in kept.entries {
            for text in [entry.message] + entry.details.map({ "\($0.key)\($0.value)" }) {
                #expect(!text.contains("hunter"))
            }
        }
    }

    @Test func `at info there are totals, and at the end those of the rest`() async throws {
        let kept = Kept()
        var store = StoreStatus()
        store.commits = 7
        store.failedCommits = 1
        store.waitingBytes = 9
        store.commitTimes.count = 7
        store.commitTimes.buckets = [(0.001, 6), (0.25, 7)]
        try await RunningServer.run(sink: RecordingSink(status: store), logger: kept.logger(.info)) {
            $0.totalsInterval = .seconds(600)
        } _: { server in
            let client = server.client()
            let body = Array((Streams.errors(3) + "x\n{\"nonsense\":{}}\n{\"nonsense\":{}}\n").utf8)
            let answer = try await client.post("/intake/v2/events", body: body)
            #expect(answer.status == 400)
            for path in ["/", "/nosuch", "/"] { _ = try await client.get(path) }
            #expect(kept.entries.isEmpty)
            await client.close()
        }
        #expect(kept.entries.map(\.message) == ["totals"])
        let totals = try #require(kept.entries.first?.details)
        for (name, value) in [
            "requests": "4", "statuses": "200:2,400:1,404:1", "accepted": "3", "rejected": "3", "waiting_bytes": "9",
            "commits": "7",
            "failed_commits": "1", "commit_p99_ms": "250.0", "duplicates": "0",
        ] {
            #expect(totals[name] == value, "\(name)")
        }
        #expect(totals["rejected_by"] == "unknown_type:3")
    }

    @Test func `of times that are hardly meant one warning is given, and totals have them all`() async throws {
        let kept = Kept()
        let body = Array(Streams.transactions(2).replacing("1700000000000000", with: "1700000000").utf8)
        try await RunningServer.run(logger: kept.logger(.info)) {
            $0.totalsInterval = .seconds(600)
        } _: { server in
            let client = server.client()
            for _ in 1...2 {
                let answer = try await client.post("/intake/v2/events", body: body)
                #expect(answer.status == 202)
            }
            await client.close()
        }
        #expect(kept.entries.map(\.level) == [.warning, .info])
        let warning = try #require(kept.entries.first)
        #expect(warning.message.hasPrefix("timestamps look like seconds: microseconds are expected"))
        #expect(warning.details == ["service": "shop", "events": "2"])
        #expect(kept.entries.last?.details["odd_times"] == "4")
    }

    @Test func `totals come again and again, and never where nothing happened`() async throws {
        let kept = Kept()
        try await RunningServer.run(logger: kept.logger(.info)) {
            $0.totalsInterval = .milliseconds(5)
        } _: { server in
            let client = server.client()
            for round in 1...3 {
                #expect(try await client.get("/").status == 200)
                while kept.entries.count < round { try await Task.sleep(for: .milliseconds(1)) }
            }
            await client.close()
        }
        #expect(kept.entries.map { $0.details["requests"] } == ["1", "1", "1"])
    }

    @Test func `at warning nothing is said of requests`() async throws {
        let kept = Kept()
        try await RunningServer.run(logger: kept.logger(.warning)) {
            $0.totalsInterval = .milliseconds(1)
        } _: { server in
            let answer = try await server.client().get("/")
            #expect(answer.status == 200)
        }
        #expect(kept.entries.isEmpty)
    }
}
