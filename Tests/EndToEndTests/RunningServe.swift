import Foundation
import Testing

/// `waitline serve` on a free port, for as long as a test needs it.
final class RunningServe {
    let port: UInt16
    var url: String { "http://127.0.0.1:\(port)" }
    private let child: ChildProcess

    convenience init(_ sandbox: Sandbox, _ arguments: String..., environment: [String: String?] = [:]) throws {
        try self.init(sandbox, arguments: arguments, environment: environment)
    }

    init(_ sandbox: Sandbox, arguments: [String], environment: [String: String?] = [:]) throws {
        child = try ChildProcess(
            Project.binary, ["serve", "--listen", "127.0.0.1:0"] + arguments,
            environment: sandbox.environment(environment))
        _ = child.pump(seconds: 120) { $0.errors.contains(UInt8(ascii: "\n")) }
        let said = String(decoding: child.errors, as: UTF8.self)
        let prefix = "listening on http://127.0.0.1:"
        try #require(said.hasPrefix(prefix) && said.contains("\n"), "serve said: \(said)")
        port = try #require(UInt16(said.dropFirst(prefix.count).prefix { $0 != "\n" }), "serve said: \(said)")
    }

    /// Asks it to stop, and sees that it does so well, having said nothing but where it listened, and lines with these
    /// words in them.
    func stop(
        _ signal: Int32 = SIGTERM, saying words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let lines = endAndListen(signal, sourceLocation: sourceLocation)
        #expect(lines.count == words.count, "\(lines)", sourceLocation: sourceLocation)
        for (line, word) in zip(lines, words) {
            #expect(line.contains(word), "\(line)", sourceLocation: sourceLocation)
        }
    }

    /// Asks it to stop, and sees that it does so well; what it has said on standard error, line by line, after where it
    /// listened.
    func endAndListen(
        _ signal: Int32 = SIGTERM, sourceLocation: SourceLocation = #_sourceLocation
    ) -> [String] {
        child.signal(signal)
        let ending = child.finish(seconds: 120)
        #expect(ending == .exit(0), sourceLocation: sourceLocation)
        let said = String(decoding: child.errors, as: UTF8.self)
        #expect(said.hasPrefix("listening on \(url)\n") && said.hasSuffix("\n"), sourceLocation: sourceLocation)
        #expect(child.output.isEmpty, sourceLocation: sourceLocation)
        return said.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast().map(String.init)
    }

    /// Ends it without a chance to put anything in order.
    func kill() {
        child.signal(SIGKILL)
        #expect(child.finish(seconds: 120) == .signal(SIGKILL))
    }

    /// Sends a request and reads the answer to its end.
    func request(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8] = []
    ) throws -> Response {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        let connection = try Descriptors.connect(port: port)
        defer { Descriptors.close(connection) }
        var rest = (Array("\(head)\r\n".utf8) + body)[...]
        while !rest.isEmpty {
            guard let count = Descriptors.writeSome(connection, rest) else { break }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        while let piece = Descriptors.readSome(connection) { answer += piece }
        return try Response(String(decoding: answer, as: UTF8.self))
    }

    /// Posts a stream of events as an agent does.
    func post(_ body: [UInt8], headers: [String: String] = [:]) throws -> Response {
        let headers = headers.merging(["Content-Type": "application/x-ndjson"]) { given, _ in given }
        return try request("POST", "/intake/v2/events", headers: headers, body: body)
    }
}

/// An answer of the server.
struct Response {
    var status: Int
    var body: String

    init(_ text: String) throws {
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        self.status = try #require(status, "no HTTP answer: \(text)")
        body = parts.count > 1 ? String(parts[1]) : ""
    }
}
