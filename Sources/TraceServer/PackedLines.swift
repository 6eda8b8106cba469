import TraceCompression
import TraceCore

/// The lines of a body, or of a part of it, compressed by us: as gzip members of some size, so that nothing of zlib's
/// is held while the body comes.
///
/// A part begins with the metadata line that its events come under, and thus is a whole body by itself.
struct PackedLines {
    /// Decoded bytes of one member.
    private static let memberBytes = 256 << 10
    /// Levels of compression: for what comes plain, and for what comes compressed and is only cut.
    static let usualLevel = 5
    static let fastLevel = 1

    private let level: Int
    private var members: [UInt8] = []
    private var packedCount = 0
    /// What is not compressed yet.
    private var plain: [UInt8] = []
    /// What is to be taken off a place in the request's body to have that in this one.
    private(set) var origin: Int
    /// Whether the beginning would be the rest of a line that is too long, which is left out.
    private var isPassingOver = false

    /// The lines of a body from its beginning.
    init(level: Int) {
        self.level = level
        origin = 0
    }

    /// The lines behind those, under the metadata line in force. `rest` is the beginning of the first of them; where
    /// the stream is passing over a line's rest, that is left out.
    init(level: Int, from start: Int, metadata: [UInt8], rest: ArraySlice<UInt8>, isPassingOver: Bool) {
        self.level = level
        self.isPassingOver = isPassingOver
        plain.reserveCapacity(metadata.count + 1 + rest.count)
        plain += metadata
        plain.append(UInt8(ascii: "\n"))
        origin = start - plain.count
        plain += rest
    }

    /// How many bytes it holds.
    var heldCount: Int { members.count + plain.count }

    /// How many bytes it has decoded.
    var decodedCount: Int { packedCount + plain.count }

    /// Takes the bytes that come next. Where those are the rest of a line that is too long, the line behind it begins
    /// at `passedOverTo` in the request's body, nil where not among them.
    mutating func append(_ bytes: UnsafeRawBufferPointer, passedOverTo: Int?) {
        guard isPassingOver else { return plain.append(contentsOf: bytes) }
        isPassingOver = passedOverTo == nil
        let dropped = passedOverTo.map { $0 - origin - decodedCount } ?? bytes.count
        origin += dropped
        plain.append(contentsOf: bytes.dropFirst(dropped))
    }

    /// Compresses what is before a place in the request's body, where that is worth a member.
    mutating func pack(upTo end: Int) throws(CompressionError) {
        if end - origin - packedCount >= Self.memberBytes { try packAll(upTo: end) }
    }

    /// Ends the body at a place in the request's; returns it, and what it has of the bytes behind that.
    consuming func cut(at end: Int) throws(CompressionError) -> (body: ReceivedBody, rest: ArraySlice<UInt8>) {
        try packAll(upTo: end)
        return (ReceivedBody(encoding: .gzip, bytes: members, decodedSize: packedCount), plain[...])
    }

    private mutating func packAll(upTo end: Int) throws(CompressionError) {
        let count = end - origin - packedCount
        guard count > 0 else { return }
        var deflater = try Deflater(level: level)
        plain.withUnsafeBytes { deflater.feed(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        let member = deflater.finish()
        if members.isEmpty { members = member } else { members += member }
        plain.removeFirst(count)
        packedCount += count
    }
}
