import TraceCompression

/// Where an export goes: standard output, or a file that is there whole or not at all; one named `.gz` is compressed.
struct OutputFile: ~Copyable {
    private enum Destination {
        case standardOutput
        /// `partPath` is what it is called until it is whole; nil of a device or a pipe, which is written as it is.
        case file(path: String, partPath: String?, descriptor: Int32)
    }

    private let destination: Destination
    private var deflater: Deflater?
    private var waiting: [UInt8] = []
    private var isFinished = false

    /// Nil or `-` is standard output. Throws where the file cannot be made.
    init(_ path: String?) throws {
        var compresses: Deflater?
        if let path, path.hasSuffix(".gz") { compresses = try Deflater(level: 6) }
        destination = try Self.open(path)
        deflater = compresses
    }

    private static func open(_ path: String?) throws(CommandFailure) -> Destination {
        guard let path, path != "-" else { return .standardOutput }
        let partPath = Platform.isSpecialFile(path) ? nil : "\(path).part-\(Platform.processID)"
        guard let descriptor = Platform.createFile(partPath ?? path) else {
            throw CommandFailure(.inputOutput, "cannot write \(path): \(Platform.lastError)")
        }
        return .file(path: path, partPath: partPath, descriptor: descriptor)
    }

    deinit {
        if case .file(_, let partPath, let descriptor) = destination, !isFinished {
            Platform.close(descriptor)
            if let partPath { Platform.removeFile(partPath) }
        }
    }

    mutating func write(_ text: String) throws { try write(Array(text.utf8)) }

    mutating func write(_ bytes: [UInt8]) throws {
        if deflater != nil {
            bytes.withUnsafeBytes { deflater?.feed($0) }
            return
        }
        waiting += bytes
        if waiting.count >= 1 << 16 { try flush() }
    }

    /// Puts the file in its place, with `time` (µs since the epoch) as the time of its last change, where it is given.
    consuming func finish(time: Int64? = nil) throws {
        if let deflater = deflater.take() { waiting = deflater.finish() }
        try flush()
        guard case .file(let path, let partPath, let descriptor) = destination else { return }
        if let partPath {
            if let time { Platform.setModificationTime(descriptor, time) }
            guard Platform.synchronize(descriptor), Platform.move(partPath, to: path) else {
                throw CommandFailure(.inputOutput, "cannot write \(path): \(Platform.lastError)")
            }
        }
        Platform.close(descriptor)
        isFinished = true
    }

    private mutating func flush() throws {
        defer { waiting.removeAll(keepingCapacity: true) }
        switch destination {
        case .standardOutput:
            guard Platform.write(waiting, to: 1) else { throw BrokenPipe() }
        case .file(let path, _, let descriptor):
            guard Platform.write(waiting, to: descriptor) else {
                throw CommandFailure(.inputOutput, "cannot write \(path): \(Platform.lastError)")
            }
        }
    }
}
