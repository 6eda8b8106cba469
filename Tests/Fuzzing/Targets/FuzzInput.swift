import Foundation

/// An input: first bytes by which it chooses how something is tried, then what is tried.
struct FuzzInput {
    private var bytes: ArraySlice<UInt8>

    init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        bytes = Array(UnsafeBufferPointer(start: start, count: count))[...]
    }

    /// The next byte; 0 behind the last.
    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// The next bytes as an integer, the first lowest.
    mutating func integer(bytes count: Int) -> UInt64 {
        (0..<count).reduce(0) { value, place in value | UInt64(byte()) << UInt64(place * 8) }
    }

    /// Whether there is nothing more.
    var isEmpty: Bool { bytes.isEmpty }

    /// All that was not taken.
    var rest: [UInt8] { Array(bytes) }

    /// The next line, without its newline.
    mutating func line() -> [UInt8] {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        bytes = bytes.dropFirst(line.count + 1)
        return Array(line)
    }

    /// Sizes of pieces, eight of them.
    mutating func sizes() -> [Int] { (0..<8).map { _ in Int(byte()) } }

    /// Cuts a body of so many bytes into pieces of sizes that come again and again. Behind the first hundred pieces the
    /// rest comes in one.
    static func pieces(of count: Int, _ sizes: [Int]) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while start < count, pieces.count < 100 {
            let end = min(count, start + sizes[pieces.count % sizes.count])
            pieces.append(start..<end)
            start = end
        }
        return start < count ? pieces + [start..<count] : pieces
    }
}

/// Ends the run with a finding where something does not hold.
@inline(__always)
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { finding(message()) }
}

private func finding(_ message: String) -> Never {
    print("FINDING: \(message)")
    fflush(nil)
    abort()
}

/// Calls `body` with a copy of the bytes that ends where its memory does, so that the address sanitizer sees who
/// reads on.
func withExactCopy<Result>(of bytes: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { copy.deallocate() }
    _ = copy.initialize(from: bytes)
    return body(UnsafeRawBufferPointer(copy))
}
