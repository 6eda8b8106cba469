#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A terminal of our own, that a program is run on.
extension Platform {
    /// Makes a terminal: our end of it, and the path of the program's. Nil, with `lastError`, where that fails.
    static func makeTerminal(columns: Int, rows: Int) -> (controller: Int32, path: String)? {
        let controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard controller >= 0, let path = path(ofTerminal: controller) else { return nil }
        // Its size is kept from here on, since the program's end is opened once before.
        let device = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard device >= 0 else { return nil }
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard ioctl(device, UInt(TIOCSWINSZ), &size) == 0 else { return nil }
        return (controller, path)
    }

    /// Unlocks the program's end of a terminal; its path.
    private static func path(ofTerminal controller: Int32) -> String? {
        #if canImport(Darwin)
            guard grantpt(controller) == 0, unlockpt(controller) == 0, let name = ptsname(controller) else {
                return nil
            }
            return String(cString: name)
        #else
            // What `unlockpt` and `ptsname` do: glibc declares them to C alone that asks for X/Open's extensions.
            var (lock, number): (Int32, UInt32) = (0, 0)
            guard ioctl(controller, 0x4004_5431, &lock) == 0, ioctl(controller, 0x8004_5430, &number) == 0 else {
                return nil
            }
            return "/dev/pts/\(number)"
        #endif
    }

    /// What there is to be read, at most so many bytes; nil where nothing comes for so many milliseconds, or no more.
    static func readSoon(_ descriptor: Int32, milliseconds: Int32, limit: Int = 65_536) -> [UInt8]? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, milliseconds) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }
}
