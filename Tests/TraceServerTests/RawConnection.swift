import Dispatch
import Foundation

#if canImport(Glibc)
    import Glibc
    private let streamType = Int32(SOCK_STREAM.rawValue)
    /// How an address of IPv4 begins, before its port.
    private let addressHead: [UInt8] = [UInt8(AF_INET), 0]
#else
    import Darwin
    private let streamType = SOCK_STREAM
    private let addressHead: [UInt8] = [16, UInt8(AF_INET)]
#endif

/// A socket that sends exactly the bytes a test wants, in exactly the pieces it wants.
///
/// It blocks on a queue of its own, so that the threads the server needs stay free.
final class RawConnection: Sendable {
    struct Failure: Error {
        var call: String
        var number = errno
    }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw connection")
    nonisolated(unsafe) private var received: [UInt8] = []

    /// Connects to a port of the loopback interface.
    init(port: Int) throws {
        descriptor = socket(AF_INET, streamType, 0)
        guard descriptor >= 0 else { throw Failure(call: "socket") }
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // Byte for byte: `sockaddr_in` is NIO's module's or the system's, whichever was imported first.
        let ipAddress: [UInt8] = [UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1]
        let address = addressHead + ipAddress + [UInt8](repeating: 0, count: 8)
        let result = address.withUnsafeBytes {
            connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
        }
        guard result == 0 else {
            let failure = Failure(call: "connect")
            close(descriptor)
            throw failure
        }
    }

    deinit { close(descriptor) }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await run { [descriptor] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw Failure(call: "send") }
                sent += count
            }
        }
    }

    /// Says that nothing more comes, and keeps listening.
    func closeSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Cuts the connection off, as a crash of the client's machine would.
    func reset() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Whether there is nothing to read yet, not even the end.
    var isSilent: Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Foundation.poll(&poll, 1, 0) == 0
    }

    /// Everything up to the server closing its side.
    func readToEnd() async throws -> String {
        try await run { [self] in
            while try fill() {}
            defer { received = [] }
            return String(decoding: received, as: UTF8.self)
        }
    }

    /// One answer; that to a HEAD request has no body whatever its length says.
    func readAnswer(toHead: Bool = false) async throws -> RawAnswer {
        try await run { [self] in
            while true {
                if let (answer, length) = RawAnswer.parse(received, toHead: toHead) {
                    received.removeFirst(length)
                    return answer
                }
                guard try fill() else { throw Failure(call: "end before an answer", number: 0) }
            }
        }
    }

    private func fill() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(call: "recv") }
        received.append(contentsOf: buffer.prefix(count))
        return count > 0
    }
}

/// An answer as it came over the wire.
struct RawAnswer: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    /// The first answer in `bytes`, if it is complete, and how long it is.
    static func parse(_ bytes: [UInt8], toHead: Bool) -> (RawAnswer, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let head = text[..<end.upperBound].utf8.count
        let length = toHead ? 0 : headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count >= head + length else { return nil }
        let body = String(decoding: bytes[head..<head + length], as: UTF8.self)
        return (RawAnswer(status: status, headers: headers, body: body), head + length)
    }
}
