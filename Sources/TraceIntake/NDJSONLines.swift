/// One line of a stream, in memory that stays valid until the next line is asked for.
///
/// The byte behind its last is always readable and a newline, which no line contains: whoever reads the
/// line byte by byte stops there without counting.
struct Line {
    let start: UnsafePointer<UInt8>
    /// Bytes, without the newline.
    let count: Int
    /// The end of the memory around it, up to which more than one byte may be read at once.
    let readableEnd: UnsafePointer<UInt8>
    /// Where it begins in the decoded body.
    let offset: Int
    /// From 1; empty lines count.
    let number: Int
    /// Whether it is longer than an event may be, and this is only its beginning.
    let isOversize: Bool
    /// Whether a newline ended it, and not the end of the body.
    let endsInNewline: Bool

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}

/// Cuts a body that comes in arbitrary pieces into lines, and passes over empty ones but the first.
///
/// A line that lies whole in one piece is handed out where it lies; others are put together in a buffer
/// that never grows beyond the longest line allowed.
struct NDJSONLines: ~Copyable {
    /// The most bytes a line may have, its newline included.
    private let maximumSize: Int
    private var buffer: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    /// How much of a line without its end the buffer holds.
    private var held = 0
    /// Whether the rest of an oversize line is being passed over.
    private(set) var isSkipping = false
    /// Where the first line began that followed an oversize one since this was set to nil.
    var skippedTo: Int?
    /// How many bytes of the body were taken.
    private var offset = 0
    private var number = 1

    /// Room behind a line in the buffer: for its newline, and for reading words up to its end.
    private static let slack = 16

    init(maximumSize: Int) {
        self.maximumSize = max(1, maximumSize)
        capacity = min(self.maximumSize, 16384)
        buffer = .allocate(capacity: capacity + Self.slack)
        buffer.initialize(repeating: 0, count: capacity + Self.slack)
    }

    deinit { buffer.deallocate() }

    /// The next line of a piece of the body, which is shortened by it; nil when the piece is used up.
    mutating func next(_ piece: inout UnsafeRawBufferPointer) -> Line? {
        while let base = piece.baseAddress, !piece.isEmpty {
            let start = base.assumingMemoryBound(to: UInt8.self)
            if start[0] == UInt8(ascii: "\n"), held == 0, !isSkipping, number > 1 {
                let count = Self.newlineRun(start, count: piece.count)
                take(count, of: &piece)
                number += count
                continue
            }
            let newline = Self.newline(start, count: piece.count)
            if isSkipping {
                take(newline.map { $0 + 1 } ?? piece.count, of: &piece)
                if newline != nil {
                    isSkipping = false
                    skippedTo = skippedTo ?? offset
                    number += 1
                }
                continue
            }
            let begin = offset - held
            let content = newline ?? piece.count
            if held + content >= maximumSize { return oversize(&piece, begin: begin) }
            guard let newline else {
                hold(start, count: content)
                take(content, of: &piece)
                return nil
            }
            defer {
                take(newline + 1, of: &piece)
                number += 1
            }
            if held == 0 {
                return Line(
                    start: start, count: newline, readableEnd: start + piece.count, offset: begin, number: number,
                    isOversize: false, endsInNewline: true)
            }
            hold(start, count: newline)
            return heldLine(offset: begin, isOversize: false, endsInNewline: true)
        }
        return nil
    }

    /// The last line, where the body ended without a newline.
    mutating func last() -> Line? {
        guard held > 0, !isSkipping else { return nil }
        return heldLine(offset: offset - held, isOversize: false, endsInNewline: false)
    }

    /// Whether the body had no byte at all.
    var isEmpty: Bool { offset == 0 }

    /// Where in the body the line begins that is not complete yet; within the rest of an oversize line, how far that
    /// was passed over.
    var lineStart: Int { offset - held }

    /// The number of the line that is not complete yet.
    var currentNumber: Int { number }

    private mutating func oversize(_ piece: inout UnsafeRawBufferPointer, begin: Int) -> Line? {
        guard let base = piece.baseAddress else { return nil }
        let wanted = maximumSize - held
        hold(base.assumingMemoryBound(to: UInt8.self), count: wanted)
        take(wanted, of: &piece)
        isSkipping = true
        return heldLine(offset: begin, isOversize: true, endsInNewline: false)
    }

    private mutating func heldLine(offset: Int, isOversize: Bool, endsInNewline: Bool) -> Line {
        buffer[held] = UInt8(ascii: "\n")
        defer { held = 0 }
        return Line(
            start: UnsafePointer(buffer), count: held, readableEnd: UnsafePointer(buffer + held + Self.slack),
            offset: offset, number: number, isOversize: isOversize, endsInNewline: endsInNewline)
    }

    private mutating func take(_ count: Int, of piece: inout UnsafeRawBufferPointer) {
        piece = UnsafeRawBufferPointer(rebasing: piece[count...])
        offset += count
    }

    private mutating func hold(_ bytes: UnsafePointer<UInt8>, count: Int) {
        if held + count > capacity { grow(to: held + count) }
        (buffer + held).update(from: bytes, count: count)
        held += count
    }

    private mutating func grow(to needed: Int) {
        let larger = min(maximumSize, max(needed, capacity * 2))
        let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.slack)
        fresh.initialize(repeating: 0, count: larger + Self.slack)
        fresh.update(from: buffer, count: held)
        buffer.deallocate()
        buffer = fresh
        capacity = larger
    }

    /// Where the first newline is: 32 bytes at a time, then eight, then one.
    private static func newline(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int? {
        let raw = UnsafeRawPointer(bytes)
        var position = 0
        while position + 32 <= count {
            let hits =
                newlines(raw, position) | newlines(raw, position + 8) | newlines(raw, position + 16)
                | newlines(raw, position + 24)
            if hits & 0x8080_8080_8080_8080 != 0 { break }
            position += 32
        }
        while position + 8 <= count {
            let hits = newlines(raw, position) & 0x8080_8080_8080_8080
            if hits != 0 { return position + hits.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count {
            if bytes[position] == UInt8(ascii: "\n") { return position }
            position += 1
        }
        return nil
    }

    /// How many newlines there are at the beginning: eight at a time, then one.
    private static func newlineRun(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
        let raw = UnsafeRawPointer(bytes)
        var position = 0
        while position + 8 <= count,
            raw.loadUnaligned(fromByteOffset: position, as: UInt64.self) == 0x0A0A_0A0A_0A0A_0A0A
        {
            position += 8
        }
        while position < count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        return position
    }

    /// Eight bytes, of which the top bits of newlines are set, and perhaps those of bytes behind one. A byte
    /// that becomes zero falls below zero when one is taken off.
    @inline(__always)
    private static func newlines(_ raw: UnsafeRawPointer, _ position: Int) -> UInt64 {
        let word = raw.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian ^ 0x0A0A_0A0A_0A0A_0A0A
        return (word &- 0x0101_0101_0101_0101) & ~word
    }
}
