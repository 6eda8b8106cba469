import Testing
import TraceCompression

@Suite("The trailer of gzip members")
struct ChecksumTests {
    @Test("bodies of every length up to some hundred bytes, whose checksums zlib made")
    func lengths() throws {
        for count in 0..<400 {
            let body = Bodies.text(count)
            #expect(try Bodies.inflate(try Deflater.gzip(body), .gzip, pieces: 100) == body)
        }
    }

    @Test("any damaged byte of it is corruption, however it is cut", arguments: [1, 3, Int.max])
    func damage(_ size: Int) throws {
        for body in [Bodies.text(5), Bodies.text(100), Bodies.text(70_000)] {
            let packed = try Deflater.gzip(body)
            for place in packed.count - 8..<packed.count {
                var damaged = packed
                damaged[place] ^= 0x10
                #expect(throws: CompressionError.corrupt(.gzip)) {
                    try Bodies.inflate(damaged, .gzip, pieces: size)
                }
                #expect(throws: CompressionError.corrupt(.gzip)) {
                    try Bodies.inflate(packed + damaged + packed, .gzip, pieces: size)
                }
            }
        }
    }

    @Test("headers with a name, a comment, further fields and a checksum of their own", arguments: [1, 4, Int.max])
    func headers(_ size: Int) throws {
        let body = Bodies.text(500)
        let packed = try Deflater.gzip(body)
        let named = [0x1F, 0x8B, 8, 0x1C, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7] + Array("name\0comment\0".utf8)
        let whole = named + packed.dropFirst(10)
        #expect(try Bodies.inflate(whole + whole, .gzip, pieces: size) == body + body)
        // A checksum of the header that is wrong.
        let checked = [0x1F, 0x8B, 8, 2, 0, 0, 0, 0, 0, 3, 1, 1] + packed.dropFirst(10)
        #expect(throws: CompressionError.invalidHeader(.gzip)) { try Bodies.inflate(checked, .gzip, pieces: size) }
    }
}
