/// A connection to an intake that stays open from request to request.
struct HTTPConnection: ~Copyable {
    private let socket: Int32
    private let port: Int
    /// The longest answer that is read, and the longest wait for a byte of it, in seconds.
    private static let limit = 1_048_576
    private static let patience = 120

    init(port: Int) throws {
        guard let socket = Platform.connect(port: port, patience: Self.patience) else {
            throw Failure("cannot connect to port \(port): \(Platform.lastError)")
        }
        (self.socket, self.port) = (socket, port)
    }

    deinit { Platform.closeFile(socket) }

    /// What a server said of a request.
    struct Answer: Equatable {
        var status: Int
        var text: String
    }

    /// Sends a body, in gzip, as agents do, and waits for the answer.
    func post(_ body: [UInt8]) throws -> Answer {
        let head = """
            POST /intake/v2/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/x-ndjson\r\n\
            Content-Encoding: gzip\r\nContent-Length: \(body.count)\r\n\r\n
            """
        guard Platform.writeAll(Array(head.utf8), to: socket), Platform.writeAll(body, to: socket) else {
            throw Failure("a body was not taken: \(Platform.lastError)")
        }
        var received: [UInt8] = []
        while received.count < Self.limit {
            if let answer = try Self.answer(in: received) { return answer }
            guard let more = Platform.receive(from: socket, atMost: 4_096) else {
                throw Failure("a body was not answered: \(Platform.lastError)")
            }
            guard !more.isEmpty else { throw Failure("a body was not answered: the server closed the connection") }
            received += more
        }
        throw Failure("a body was answered with more than \(Self.limit) bytes")
    }

    /// The answer that some bytes are; nil while there are bytes to come.
    static func answer(in bytes: [UInt8]) throws -> Answer? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Failure("a body was answered with what is no HTTP: \(lines.first ?? "")")
        }
        var length: Int?
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            length = Int(parts[1].drop { $0 == " " })
        }
        guard let length, length >= 0, length <= limit else {
            throw Failure("a body was answered with \(status), without the length of what follows")
        }
        guard bytes.count - end.upperBound >= length else { return nil }
        return Answer(status: status, text: String(decoding: bytes[end.upperBound...].prefix(length), as: UTF8.self))
    }
}
