import Testing
import TraceCompression

@Suite("Inflating")
struct InflaterTests {
    @Test("what was deflated, in pieces of any size", arguments: [1, 2, 3, 17, 1000, Int.max])
    func roundTrip(_ size: Int) throws {
        let body = Bodies.text(200_000)
        let packed = try Deflater.gzip(body)
        #expect(packed.count < body.count)
        #expect(try Bodies.inflate(packed, .gzip, pieces: size) == body)
    }

    @Test("levels, and no bytes at all")
    func levels() throws {
        let body = Bodies.text(50_000)
        let fast = try Deflater.gzip(body, level: 1)
        let small = try Deflater.gzip(body, level: 9)
        #expect(small.count < fast.count)
        #expect(try Bodies.inflate(fast, .gzip) == body)
        #expect(try Bodies.inflate(small, .gzip) == body)
        #expect(try Bodies.inflate(try Deflater.gzip([]), .gzip) == [])
    }

    @Test("zlib")
    func zlib() throws {
        for size in [1, 5, Int.max] {
            #expect(try Bodies.inflate(Bodies.helloAsZlib, .zlib, pieces: size) == Array("hello".utf8))
        }
        #expect(throws: CompressionError.invalidHeader(.zlib)) { try Bodies.inflate(Bodies.helloAsZlib + [0], .zlib) }
    }

    @Test("all members, in pieces of any size", arguments: [1, 7, 4096, Int.max])
    func members(_ size: Int) throws {
        let bodies = [Bodies.text(70_000), [], Array("x".utf8), Bodies.text(10)]
        var packed: [UInt8] = []
        for body in bodies { packed += try Deflater.gzip(body) }
        #expect(try Bodies.inflate(packed, .gzip, pieces: size) == Array(bodies.joined()))
    }

    @Test(
        "what is behind the last member must be a header",
        arguments: [[0], [0, 0, 0, 0], [0x1F, 0x8C], [1, 2, 3]] as [[UInt8]])
    func padding(_ padding: [UInt8]) throws {
        let packed = try Deflater.gzip([1, 2, 3]) + padding
        for size in [1, Int.max] {
            #expect(throws: CompressionError.invalidHeader(.gzip)) { try Bodies.inflate(packed, .gzip, pieces: size) }
        }
    }

    @Test("no header at all", arguments: [CompressionFormat.gzip, .zlib])
    func noHeader(_ format: CompressionFormat) {
        for size in [1, Int.max] {
            let error = #expect(throws: CompressionError.self) {
                try Bodies.inflate(Array("{\"metadata\":{}}".utf8), format, pieces: size)
            }
            #expect(error == .invalidHeader(format))
            #expect(error?.message == "\(format.name): invalid header")
        }
    }

    @Test("cut off anywhere")
    func truncated() throws {
        let packed = try Deflater.gzip(Bodies.text(300))
        for count in 0..<packed.count {
            #expect(throws: CompressionError.truncated(.gzip)) {
                try Bodies.inflate(Array(packed.prefix(count)), .gzip)
            }
        }
        #expect(throws: CompressionError.truncated(.gzip)) {
            try Bodies.inflate(packed + packed.prefix(5), .gzip)
        }
    }

    @Test("damaged data, a wrong checksum and a wrong length")
    func corrupt() throws {
        let packed = try Deflater.gzip(Bodies.text(3000))
        for place in [packed.count / 2, packed.count - 6, packed.count - 1] {
            var damaged = packed
            damaged[place] ^= 0x55
            let error = #expect(throws: CompressionError.self) { try Bodies.inflate(damaged, .gzip) }
            #expect(error == .corrupt(.gzip) || error == .truncated(.gzip))
        }
        var damaged = packed
        damaged[packed.count - 1] ^= 1
        #expect(throws: CompressionError.corrupt(.gzip)) { try Bodies.inflate(damaged, .gzip) }
    }

    @Test("no more than allowed")
    func limit() throws {
        let packed = try Deflater.gzip([UInt8](repeating: 0, count: 1_000_000))
        #expect(try Bodies.inflate(packed, .gzip, limit: 1_000_000).count == 1_000_000)
        #expect(throws: CompressionError.tooLarge(limit: 999_999)) {
            try Bodies.inflate(packed, .gzip, limit: 999_999)
        }
    }

    @Test("pieces handed out are bounded, and a failure stays")
    func pieces() throws {
        let packed = try Deflater.gzip([UInt8](repeating: 7, count: 300_000)) + [0]
        var inflater = try Inflater(.gzip)
        var sizes: [Int] = []
        var failures: [CompressionError] = []
        for _ in 0..<2 {
            packed.withUnsafeBytes { bytes in
                do throws(CompressionError) {
                    try inflater.feed(bytes) { sizes.append($0.count) }
                } catch {
                    failures.append(error)
                }
            }
        }
        #expect(sizes.reduce(0, +) == 300_000)
        #expect(sizes.allSatisfy { $0 > 0 && $0 <= Inflater.pieceSize })
        #expect(failures == [.invalidHeader(.gzip), .invalidHeader(.gzip)])
        let decoded = inflater.decodedCount
        #expect(decoded == 300_000)
    }

    @Test(
        "the first two bytes tell",
        arguments: [
            ([0x1F, 0x8B], CompressionFormat.gzip), ([0x78, 0x9C, 0], .zlib), ([0x08, 0], .zlib), ([0x7B, 0x22], nil),
            ([0x1F], nil), ([], nil), ([0x1F, 0x8A], nil),
        ] as [([UInt8], CompressionFormat?)])
    func sniffing(_ bytes: [UInt8], _ expected: CompressionFormat?) {
        #expect(bytes.withUnsafeBytes { CompressionFormat.sniff($0) } == expected)
    }
}
