/// How a body may be compressed.
package enum CompressionFormat: Sendable, Equatable {
    /// One or more gzip members.
    case gzip
    /// One zlib stream, which HTTP calls `deflate`.
    case zlib

    /// The format that a body's first two bytes tell; nil for a plain one, or where there are not two.
    package static func sniff(_ bytes: UnsafeRawBufferPointer) -> CompressionFormat? {
        guard bytes.count >= 2 else { return nil }
        if bytes[0] == 0x1F, bytes[1] == 0x8B { return .gzip }
        return bytes[0] & 0x0F == 8 ? .zlib : nil
    }

    /// The name it has in error messages.
    package var name: String {
        switch self {
        case .gzip: "gzip"
        case .zlib: "zlib"
        }
    }
}

/// Why a body could not be inflated or deflated.
package enum CompressionError: Error, Equatable {
    /// What comes where a header should is none; behind a gzip member, too.
    case invalidHeader(CompressionFormat)
    /// The stream contradicts itself or its checksum.
    case corrupt(CompressionFormat)
    /// The stream ends before its end.
    case truncated(CompressionFormat)
    /// It holds more than so many bytes.
    case tooLarge(limit: Int)
    /// zlib could not work, for want of memory.
    case unavailable

    /// What is wrong.
    package var message: String {
        switch self {
        case .invalidHeader(let format): "\(format.name): invalid header"
        case .corrupt(let format): "\(format.name): corrupt data"
        case .truncated(let format): "\(format.name): unexpected end of data"
        case .tooLarge(let limit): "more than \(limit) bytes when decompressed"
        case .unavailable: "no memory to decompress"
        }
    }
}
