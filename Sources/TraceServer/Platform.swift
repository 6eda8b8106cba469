import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What differs from system to system.
enum Platform {
    /// The bytes of an IP address, four or sixteen; an IPv4 address that is written as one of IPv6 is what it is. Nil
    /// of an address of another kind.
    static func bytes(of address: SocketAddress) -> [UInt8]? {
        switch address {
        // Behind family and port, of IPv6 also the flow.
        case .v4(let address): return withUnsafeBytes(of: address.address) { Array($0[4..<8]) }
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address) { Array($0[8..<24]) }
            return bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) ? Array(bytes.suffix(4)) : bytes
        case .unixDomainSocket: return nil
        }
    }

    // MARK: The process

    // Members of the system's structures are left alone here: they are NIO's module's or the system's, whichever was
    // imported first.

    /// Seconds that the processors have spent on this process.
    static var processorSeconds: Double { Double(clock()) / 1e6 }

    /// Memory that this process takes, in bytes; nil where the system does not tell.
    static var residentBytes: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &text, text.count)
        let fields = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// How many descriptors are open; nil where the system does not tell.
    static var openDescriptors: Int? {
        guard let folder = opendir("/dev/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not the two dots, nor the one that this takes.
        return max(0, count - 3)
    }

    /// How many descriptors may be open; nil where the system does not tell.
    static var mostDescriptors: Int? {
        let count = Int(sysconf(Int32(_SC_OPEN_MAX)))
        return count > 0 ? count : nil
    }

    // MARK: Errors

    /// What the system calls an error number.
    static func text(ofError number: Int32) -> String { String(cString: strerror(number)) }

    /// How many descriptors the process may have open; nil where there is no limit.
    static var descriptorLimit: Int? {
        var limit = rlimit()
        #if canImport(Glibc)
            let result = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #else
            let result = getrlimit(RLIMIT_NOFILE, &limit)
        #endif
        return result == 0 ? Int(exactly: limit.rlim_cur) : nil
    }
}
