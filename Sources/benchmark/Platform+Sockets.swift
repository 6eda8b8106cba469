#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// TCP over the loopback interface. What fails says why in `lastError`.
extension Platform {
    /// A port that nobody listens on at this moment; nil where there is none.
    static func freePort() -> Int? {
        guard let socket = openSocket() else { return nil }
        defer { close(socket) }
        return withAddress(port: 0) { address, length in
            var length = length
            guard bind(socket, address, length) == 0, getsockname(socket, address, &length) == 0 else { return nil }
            return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }

    /// A connection to a port, whose reads fail after so many seconds without a byte; nil where nobody takes it.
    static func connect(port: Int, patience: Int) -> Int32? {
        guard let socket = openSocket() else { return nil }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        // A request that has been written in full is not held back.
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        #if canImport(Glibc)
            let status = withAddress(port: port) { Glibc.connect(socket, $0, $1) }
        #elseif canImport(Musl)
            let status = withAddress(port: port) { Musl.connect(socket, $0, $1) }
        #else
            let status = withAddress(port: port) { Darwin.connect(socket, $0, $1) }
        #endif
        if status == 0 { return socket }
        close(socket)
        return nil
    }

    /// What has come on a connection, after waiting for it: at most so many bytes, none where the other side has
    /// closed; nil where that fails.
    static func receive(from socket: Int32, atMost count: Int) -> [UInt8]? {
        var isFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            var received = recv(socket, buffer.baseAddress, count, 0)
            while received < 0, errno == EINTR { received = recv(socket, buffer.baseAddress, count, 0) }
            (filled, isFailed) = (max(0, received), received < 0)
        }
        return isFailed ? nil : bytes
    }

    private static func openSocket() -> Int32? {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let number = socket(AF_INET, kind, 0)
        guard number >= 0 else { return nil }
        // A child that is started meanwhile must not hold it open.
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        return number
    }

    private static func withAddress<Result>(
        port: Int, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
