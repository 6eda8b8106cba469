#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What differs from system to system.
enum Platform {
    /// What the system calls an error number.
    static func text(ofError number: Int32) -> String { String(cString: strerror(number)) }
}
