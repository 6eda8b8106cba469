/// Streams of events, and the forms a body can have.
enum Streams {
    static let metadata = #"{"metadata":{"service":{"name":"shop","agent":{"name":"test","version":"1.0"}}}}"#

    /// Metadata and `count` errors.
    static func errors(_ count: Int) -> String {
        let lines = (0..<count).map { #"{"error":{"id":"e\#($0)","log":{"message":"failed \#($0)"}}}"# }
        return lined([metadata] + lines)
    }

    static func transaction(_ number: Int, name: String = "GET /") -> String {
        #"{"transaction":{"id":"t\#(number)","trace_id":"trace","name":"\#(name)","type":"request","#
            + #""duration":1.5,"timestamp":1700000000000000,"span_count":{"started":0}}}"#
    }

    static func transactions(_ count: Int) -> String { lined([metadata] + (0..<count).map { transaction($0) }) }

    static func lined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    // MARK: Compressed, without compressing: deflate has blocks that are stored as they are.

    static func gzip(_ text: String) -> [UInt8] { gzip(Array(text.utf8)) }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        return header + stored(bytes) + littleEndian(crc32(bytes)) + littleEndian(UInt32(bytes.count))
    }

    static func zlib(_ text: String) -> [UInt8] { zlib(Array(text.utf8)) }

    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        [0x78, 0x01] + stored(bytes) + littleEndian(adler32(bytes)).reversed()
    }

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var blocks: [UInt8] = []
        for start in stride(from: 0, to: max(bytes.count, 1), by: 65_535) {
            let block = bytes[start..<min(start + 65_535, bytes.count)]
            let length = UInt16(block.count)
            blocks.append(start + 65_535 >= bytes.count ? 1 : 0)
            blocks += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)] + block
        }
        return blocks
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static let remainders = (0..<UInt32(256)).map { byte in
        (0..<8).reduce(byte) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { sum, byte in sum >> 8 ^ remainders[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }
}
