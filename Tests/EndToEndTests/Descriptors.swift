#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A failed call to the system.
struct SystemError: Error, CustomStringConvertible {
    let description: String

    init(_ call: String, _ code: Int32 = errno) { description = "\(call): \(String(cString: strerror(code)))" }
}

/// Calls to the system on descriptors. None is inherited by a child that is not given it: the end of one child's
/// output would otherwise wait for all the others.
enum Descriptors {
    /// Both ends of a pipe.
    static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        #if canImport(Glibc)
            let result = Glibc.pipe(&ends)
        #elseif canImport(Musl)
            let result = Musl.pipe(&ends)
        #else
            let result = Darwin.pipe(&ends)
        #endif
        guard result == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Both sides of a terminal that is so wide.
    static func terminal(columns: Int) throws -> (controller: Int32, device: Int32) {
        var controller: Int32 = -1
        var device: Int32 = -1
        var size = winsize(ws_row: 50, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&controller, &device, nil, nil, &size) == 0 else { throw SystemError("openpty") }
        for side in [controller, device] { _ = fcntl(side, F_SETFD, FD_CLOEXEC) }
        return (controller, device)
    }

    static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }

    /// What can be read now; nil at the end. The other side of a terminal that is gone reads as an error.
    static func readSome(_ descriptor: Int32) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            return count > 0 ? Array(piece[..<count]) : nil
        }
    }

    /// Writes what fits; how much that was, nil where nobody reads any more.
    static func writeSome(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int? {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, min($0.count, 4_096)) }
        if count < 0 { return errno == EINTR ? 0 : nil }
        return count
    }

    /// Connects to a port of the loopback interface.
    static func connect(port: UInt16) throws -> Int32 {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard descriptor >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) { bytes in
            connectTo(descriptor, bytes)
        }
        guard result == 0 else {
            let error = SystemError("connect")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func connectTo(_ descriptor: Int32, _ address: UnsafeRawBufferPointer) -> Int32 {
        guard let base = address.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return -1 }
        #if canImport(Glibc)
            return Glibc.connect(descriptor, base, socklen_t(address.count))
        #elseif canImport(Musl)
            return Musl.connect(descriptor, base, socklen_t(address.count))
        #else
            return Darwin.connect(descriptor, base, socklen_t(address.count))
        #endif
    }
}
