import Foundation
import Testing
import TraceCompression

@testable import benchmark

struct RequestFileTests {
    @Test("A file of bodies holds every event once, in order, behind its sizes")
    func bodies() throws {
        let scratch = try Scratch(in: nil)
        defer { scratch.remove() }
        let load = ShopLoad(seed: 3)
        let file = try RequestFile(load, 100..<4_100, path: scratch.file("requests.bin"))
        #expect(file.events == 4_000)
        let bytes = try #require(Platform.contents(of: file.path))
        var (offset, decodedBytes, text) = (0, 0, [UInt8]())
        for request in file.requests {
            func size(at place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
            #expect(size(at: offset) == request.size)
            #expect(request.offset == offset + 8)
            let end = request.offset + request.size
            let decoded = try BodyReader.read(0..<Int.max, of: Array(bytes[request.offset..<end]), .gzip)
            #expect(size(at: offset + 4) == decoded.count)
            #expect(decoded.starts(with: load.metadata))
            text += decoded.dropFirst(load.metadata.count)
            (offset, decodedBytes) = (end, decodedBytes + decoded.count)
        }
        #expect(offset == bytes.count)
        #expect(decodedBytes == file.decodedBytes)
        #expect(text == load.bodies(100..<4_100).flatMap { load.lines($0) })
    }
}
