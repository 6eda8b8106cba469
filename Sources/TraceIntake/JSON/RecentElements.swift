/// Array elements that were found sound, and what comes behind which: agents send the same stack frames, in the same
/// order, with event after event. Bytes that were sound once are so wherever they stand in an array of the same shape.
///
///     start of array -> frame 7 -> frame 2 -> frame 9
///                          `-----> frame 4 -> frame 2
struct RecentElements: ~Copyable {
    private struct Entry {
        /// The length of its bytes; 0 as long as it has none.
        var count = 0
        var shape = 0
        /// The places of the elements that came behind it the last two times, the last first.
        var next = 0
        var other = 0
    }

    /// The elements kept, and the bytes of the longest and the shortest: frames without their source lines fit, and
    /// what is too short is as quickly read.
    private static let capacity = 128
    private static let longest = 512
    private static let shortest = 32

    /// The elements, and behind them an entry for the start of an array of each shape.
    private let entries: UnsafeMutablePointer<Entry>
    private let texts: UnsafeMutablePointer<UInt8>

    init() {
        let count = Self.capacity + EventDecoder.maximumShapes
        entries = .allocate(capacity: count)
        entries.initialize(repeating: Entry(), count: count)
        texts = .allocate(capacity: Self.capacity * Self.longest)
    }

    deinit {
        entries.deallocate()
        texts.deallocate()
    }

    /// The place before the first element of an array of a shape.
    static func start(of shape: UnsafePointer<CompiledShape>) -> Int { capacity + shape.pointee.number }

    /// Passes the next element if it is one that came behind that at `place` before, and returns its place.
    @inline(__always)
    func skip(
        _ shape: UnsafePointer<CompiledShape>, behind place: Int, _ scanner: inout JSONScanner
    ) -> Int? {
        guard scanner.token() == UInt8(ascii: "{") else { return nil }
        let next = entries[place].next
        if isNext(next, shape, scanner) {
            scanner.cursor += entries[next].count
            return next
        }
        let other = entries[place].other
        guard isNext(other, shape, scanner) else { return nil }
        entries[place].next = other
        entries[place].other = next
        scanner.cursor += entries[other].count
        return other
    }

    /// Keeps a sound element, unless it is too long or too short, and returns its place or else the one before.
    func keep(
        _ element: UnsafeBufferPointer<UInt8>, _ shape: UnsafePointer<CompiledShape>, behind place: Int
    ) -> Int {
        guard Self.shortest...Self.longest ~= element.count, let start = element.baseAddress else { return place }
        // Either of two places will do, which keeps two elements from taking turns in one.
        let first = Int(truncatingIfNeeded: Self.hash(start, count: element.count)) & (Self.capacity - 1)
        let kept = [first, first ^ 1].first { entries[$0].count == element.count && holds($0, shape, start) }
        let target = kept ?? (entries[first].count == 0 || place == first ^ 1 ? first : first ^ 1)
        if kept == nil {
            entries[target] = Entry(count: element.count, shape: shape.pointee.number)
            (texts + target * Self.longest).update(from: start, count: element.count)
        }
        if entries[place].next != target {
            entries[place].other = entries[place].next
            entries[place].next = target
        }
        return target
    }

    @inline(__always)
    private func isNext(_ place: Int, _ shape: UnsafePointer<CompiledShape>, _ scanner: JSONScanner) -> Bool {
        entries[place].count <= scanner.end - scanner.cursor && holds(place, shape, scanner.cursor)
    }

    /// Whether an entry is of a shape and has the bytes at `start`, of which there must be as many.
    @inline(__always)
    private func holds(
        _ place: Int, _ shape: UnsafePointer<CompiledShape>, _ start: UnsafePointer<UInt8>
    ) -> Bool {
        let count = entries[place].count
        guard count > 0, entries[place].shape == shape.pointee.number else { return false }
        let text = texts + place * Self.longest
        var position = 0
        while position + 32 <= count {
            guard Self.areEqual(text + position, start + position) else { return false }
            position += 32
        }
        return Self.areEqual(text + (count - 32), start + (count - 32))
    }

    /// Whether 32 bytes are the same.
    @inline(__always)
    private static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>) -> Bool {
        let first = JSONScanner.word(left) ^ JSONScanner.word(right)
        let second = JSONScanner.word(left + 8) ^ JSONScanner.word(right + 8)
        let third = JSONScanner.word(left + 16) ^ JSONScanner.word(right + 16)
        let fourth = JSONScanner.word(left + 24) ^ JSONScanner.word(right + 24)
        return first | second | third | fourth == 0
    }

    private static func hash(_ start: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        var state = UInt64(truncatingIfNeeded: count)
        var position = 0
        while position + 8 <= count {
            state = (state ^ JSONScanner.word(start + position)) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 32
            position += 8
        }
        return (state ^ JSONScanner.word(start + (count - 8))) &* 0x9E37_79B9_7F4A_7C15 >> 32
    }
}
