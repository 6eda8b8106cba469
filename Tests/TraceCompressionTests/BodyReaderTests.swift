import Testing
import TraceCompression

@Suite("Reading parts of a body")
struct BodyReaderTests {
    private let body = Bodies.text(300_000)

    @Test(
        "single ranges",
        arguments: [0..<1, 0..<300_000, 65_535..<65_537, 131_072..<131_072, 299_999..<300_000, 70_000..<200_000])
    func single(_ range: Range<Int>) throws {
        #expect(try BodyReader.read(range, of: Deflater.gzip(body), .gzip) == Array(body[range]))
    }

    @Test("several ranges in one pass")
    func several() throws {
        let ranges = [0..<5, 5..<5, 5..<10, 65_530..<65_540, 65_540..<200_000, 299_000..<300_000]
        let packed = try Deflater.gzip(body)
        #expect(try BodyReader.read(ranges, of: packed, .gzip) == ranges.map { Array(body[$0]) })
        #expect(try BodyReader.read([], of: packed, .gzip) == [])
        #expect(try BodyReader.read([3..<3], of: [], .gzip) == [[]])
    }

    @Test("across members, and zlib")
    func members() throws {
        let packed = try Deflater.gzip(Array(body[..<1000])) + Deflater.gzip(Array(body[1000..<2000]))
        #expect(try BodyReader.read(990..<1010, of: packed, .gzip) == Array(body[990..<1010]))
        #expect(try BodyReader.read(1..<4, of: Bodies.helloAsZlib, .zlib) == Array("ell".utf8))
    }

    @Test("a body that is cut off, or damaged, behind the range does no harm")
    func harmless() throws {
        var packed = try Deflater.gzip(body)
        packed.removeLast(packed.count / 2)
        #expect(try BodyReader.read(10..<1000, of: packed, .gzip) == Array(body[10..<1000]))
        packed = try Deflater.gzip(body) + [0, 0, 0]
        #expect(try BodyReader.read(0..<300_000, of: packed, .gzip) == body)
    }

    @Test("before it, it is an error")
    func harmful() throws {
        var packed = try Deflater.gzip(body)
        packed.removeLast(packed.count / 2)
        #expect(throws: CompressionError.truncated(.gzip)) { try BodyReader.read(299_000..<299_001, of: packed, .gzip) }
        #expect(throws: CompressionError.invalidHeader(.gzip)) { try BodyReader.read(0..<1, of: [1, 2, 3], .gzip) }
    }

    @Test("a range beyond the end of a whole body is as long as it is")
    func beyond() throws {
        let packed = try Deflater.gzip(Array("hello".utf8))
        #expect(
            try BodyReader.read([1..<3, 4..<9, 10..<12], of: packed, .gzip) == [Array("el".utf8), Array("o".utf8), []])
    }
}
