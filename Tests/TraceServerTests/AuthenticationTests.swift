import Foundation
import Testing

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct AuthenticationTests {
    private static func credentials(tokens: [String] = [], keys: [String] = []) throws -> Credentials {
        var credentials = Credentials()
        for token in tokens { try credentials.addSecretToken(token) }
        for key in keys { try credentials.addAPIKey(key) }
        return credentials
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private func verdict(_ header: String?, tokens: [String] = [], keys: [String] = []) throws -> String {
        let authentication = Authentication(credentials: try Self.credentials(tokens: tokens, keys: keys))
        switch authentication.check(header) {
        case .granted: return "granted"
        case .refused(let refusal): return refusal.message
        }
    }

    @Test func `any one of several tokens and keys is let in, whatever the case of its scheme`() throws {
        let longest = String(repeating: "x", count: Secret.longest)
        let tokens = ["one", "two", longest]
        let keys = ["id:key", "other:key:with:colons"]
        for token in tokens {
            for scheme in ["Bearer", "bearer", "BEARER"] {
                #expect(try verdict("\(scheme) \(token)", tokens: tokens, keys: keys) == "granted")
            }
        }
        for key in keys {
            for scheme in ["ApiKey", "apikey", "APIKEY"] {
                #expect(try verdict("\(scheme) \(Self.base64(key))", tokens: tokens, keys: keys) == "granted")
            }
        }
    }

    @Test(arguments: [
        "", "o", "on", "onE", "One", "one ", " one", "oneone", "one\u{0}", "two,one", "one,two", "key", "id:key",
        String(repeating: "x", count: Secret.longest + 1), String(repeating: "one", count: 10_000),
    ])
    func `a token that is not one of them is refused, and so is nothing`(_ guess: String) throws {
        for tokens in [["one", "two"], [String(repeating: "x", count: Secret.longest)]] {
            #expect(try verdict("Bearer \(guess)", tokens: tokens, keys: ["id:key"]) == "authentication failed")
        }
    }

    @Test(arguments: ["id:ke", "id:keyy", "id:", ":", "i:dkey", "id:key\n", "ID:key", "two:key"])
    func `a key that is not one of them is refused`(_ guess: String) throws {
        let said = try verdict("ApiKey \(Self.base64(guess))", tokens: ["two:key"], keys: ["id:key", "three:key"])
        #expect(said == "authentication failed")
    }

    @Test(arguments: ["id:key", "aWQ6a2V5=", "aWQ6a2V", "%%%%", "aWQ6\u{0}a2V5", "aWQ6a2V5 ", "ähnlich"])
    func `a key that is no base64 is refused as such`(_ text: String) throws {
        let said = try verdict("ApiKey \(text)", keys: ["id:key"])
        #expect(
            said == "authentication failed: improperly encoded ApiKey credentials: expected base64(ID:APIKey)")
    }

    @Test(arguments: ["", "idkey", "\u{0}"])
    func `a key without a colon is refused as such`(_ text: String) throws {
        let said = try verdict("ApiKey \(Self.base64(text))", keys: ["id:key"])
        #expect(
            said == "authentication failed: improperly formatted ApiKey credentials: expected base64(ID:APIKey)")
    }

    @Test func `a key is no token, nor a token a key`() throws {
        #expect(try verdict("Bearer id:key", keys: ["id:key"]) == "authentication failed")
        #expect(try verdict("ApiKey \(Self.base64("id:key"))", tokens: ["id:key"]) == "authentication failed")
    }

    @Test(arguments: [
        ("", CredentialError.empty), (" \t\r", .empty), ("a\nb", .unprintable), ("schlüssel", .unprintable),
        ("a\u{0}", .unprintable), (String(repeating: "x", count: Secret.longest + 1), .tooLong),
    ])
    func `what is no credential is refused, never taken for none`(_ text: String, _ error: CredentialError) throws {
        var credentials = Credentials()
        #expect(throws: error) { try credentials.addSecretToken(text) }
        #expect(throws: error) { try credentials.addAPIKey(text) }
        #expect(credentials.isEmpty)
    }

    @Test(arguments: ["idkey", ":key", "id:", ":"])
    func `an API key has an id and a key`(_ text: String) throws {
        var credentials = Credentials()
        #expect(throws: CredentialError.noAPIKey) { try credentials.addAPIKey(text) }
        #expect(credentials.isEmpty)
    }

    @Test func `there are no more credentials than a request can be compared with`() throws {
        var credentials = try Self.credentials(tokens: (0..<Credentials.most).map { "token\($0)" })
        #expect(throws: CredentialError.tooMany) { try credentials.addAPIKey("id:key") }
    }

    @Test func `no dump of a configuration shows a secret`() throws {
        var configuration = IntakeConfiguration()
        configuration.credentials = try Self.credentials(tokens: ["hunter2"], keys: ["id:hunter2"])
        var dumped = ""
        dump(configuration, to: &dumped)
        let bytes = Array("hunter2".utf8).map { "\($0)" }
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains(bytes.joined(separator: ", ")))
        }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.3.4", true), ("::1", true), ("localhost", true), ("LocalHost", true),
        ("::ffff:127.0.0.1", true), ("0.0.0.0", false), ("::", false), ("10.0.0.1", false), ("::2", false),
        ("128.0.0.1", false), ("127.0.0.1.example.org", false), ("localhost.example.org", false),
        ("::ffff:10.0.0.1", false),
        ("127.1", false), ("", false), ("1::1", false),
    ])
    func `what is reached from this machine alone is told from what is not`(_ host: String, _ isLoopback: Bool) {
        #expect(ServerAddress(host: host, port: 8200).isLoopback == isLoopback)
    }
}

extension AuthenticationTests {
    /// A header, and whether it lets in.
    private static let headers: [(header: String, isRight: Bool)] = [
        ("", false), ("Authorization: Bearer one\r\n", true), ("Authorization: bearer two\r\n", true),
        ("authorization:   Bearer one  \r\n", true), ("Authorization: ApiKey \(base64("id:key"))\r\n", true),
        ("Authorization: ApiKey \(base64("id:kex"))\r\n", false), ("Authorization: ApiKey id:key\r\n", false),
        ("Authorization: Bearer three\r\n", false), ("Authorization: one\r\n", false),
        ("Authorization: Basic \(base64("id:key"))\r\n", false),
        ("Authorization: Bearer three\r\nAuthorization: Bearer one\r\n", false),
        ("Authorization: Bearer one\r\nAuthorization: Bearer three\r\n", false), ("Authorization: \r\n", false),
        ("X-Authorization: Bearer one\r\n", false), ("Cookie: Bearer one\r\n", false),
    ]

    @Test(arguments: headers.indices)
    func `every endpoint asks for a credential, as it is specified`(_ index: Int) async throws {
        let (header, isRight) = Self.headers[index]
        let credentials = try Self.credentials(tokens: ["one", "two"], keys: ["id:key"])
        try await RunningServer.run {
            $0.credentials = credentials
        } _: { server in
            func ask(_ line: String, _ body: String = "") async throws -> RawAnswer {
                let connection = try server.connect()
                try await connection.send(
                    "\(line) HTTP/1.1\r\nHost: x\r\n\(header)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
                return try await connection.readAnswer(toHead: line.hasPrefix("HEAD"))
            }
            let root = try await ask("GET /")
            #expect(root.status == 200)
            #expect(root.body.isEmpty != isRight)
            #expect(try await ask("HEAD /").status == 200)
            let events = try await ask("POST /intake/v2/events", Streams.errors(2))
            #expect(events.status == (isRight ? 202 : 401))
            #expect(await server.sink.deliveries.count == (isRight ? 1 : 0))
            let paths = ["/metrics", "/config/v1/agents?service.name=x"]
            for path in paths {
                let answer = try await ask("GET \(path)")
                #expect(answer.status == (isRight ? 200 : 401), "\(path)")
                #expect((answer.headers["www-authenticate"] == nil) == isRight)
            }
            #expect(try await ask("POST /metrics").status == (isRight ? 405 : 401))
            #expect(try await ask("GET /healthz").status == 200)
            #expect(try await ask("GET /nowhere").status == 404)
            #expect(try await ask("POST /intake/v2/rum/events").status == 403)
        }
    }
}
