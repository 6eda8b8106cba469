import GRDB
import TraceCore

/// Reads a block of spans, one after another. What no writer writes is an error, never a trap.
struct SpanBlockReader {
    /// A span as it is kept.
    struct Row {
        var shape: SpanShape
        /// The number of the shape in its block: equal for equal shapes.
        var shapeNumber: Int
        var id: Identifier
        var transaction: Identifier?
        var parent: Identifier?
        var start: Int64
        var duration: Int64
        var offset: Int64?
        var lineOffset: Int
        var lineLength: Int
    }

    private let words: UnsafeRawBufferPointer
    private var others: [Int: Identifier] = [:]
    private var source: ByteSource
    /// How many of the ids the spans have named so far.
    private var met = 0
    private var shapes: [SpanShape] = []
    private var start: Int64
    private var lineEnd = 0

    /// A block whose column `start_us` is `start`; the bytes have to stay valid.
    init(_ bytes: UnsafeRawBufferPointer, start: Int64) throws(DatabaseError) {
        var source = ByteSource(bytes)
        guard let count = source.nextCount(ofSize: 8), let words = source.next(count * 8),
            let otherCount = source.nextCount(ofSize: 2)
        else { throw Self.damaged }
        for _ in 0..<otherCount {
            guard let value = source.next(), let number = Int(exactly: value), number < count,
                let size = source.next(), let bytes = source.next(Int(truncatingIfNeeded: size >> 1)),
                size & 1 == 0 || bytes.count == 16
            else { throw Self.damaged }
            others[number] =
                size & 1 == 0 ? .text(Array(bytes)) : .long(Self.word(bytes, at: 0), Self.word(bytes, at: 8))
        }
        self.words = words
        self.source = source
        self.start = start
    }

    /// Whether it names an id of the range, or one that is none of eight bytes, of which the range says nothing.
    func mayName(_ range: WordRange) -> Bool {
        if !others.isEmpty { return true }
        for position in stride(from: 0, to: words.count, by: 8)
        where (Self.word(words, at: position) ^ range.bits) & range.mask == 0 { return true }
        return false
    }

    /// Whether it names one of some ids of eight bytes, or one that is none of those.
    func mayName(anyOf ids: Set<UInt64>) -> Bool {
        if !others.isEmpty { return true }
        for position in stride(from: 0, to: words.count, by: 8)
        where ids.contains(Self.word(words, at: position)) { return true }
        return false
    }

    /// The next span; nil behind the last one.
    mutating func next() throws(DatabaseError) -> Row? {
        guard source.rest > 0 else { return nil }
        let number = try nextShape()
        let shape = shapes[number]
        let form = shape.form
        let id = try nextIdentifier()
        let transaction = form.has(SpanBlock.Form.hasTransaction) ? try nextIdentifier() : nil
        var parent: Identifier?
        if form.has(SpanBlock.Form.isTop) {
            parent = transaction
        } else if form.has(SpanBlock.Form.hasParent) {
            parent = try nextIdentifier()
        }
        guard let startStep = source.nextSigned(), let duration = source.next() else { throw Self.damaged }
        start &+= startStep
        var offset: Int64?
        if form.has(SpanBlock.Form.hasOffset) {
            offset = source.nextSigned()
            guard offset != nil else { throw Self.damaged }
        }
        guard let lineStep = source.nextSigned(), let length = source.next() else { throw Self.damaged }
        let lineOffset = lineEnd &+ Int(lineStep)
        let lineLength = Int(Int64(bitPattern: length))
        lineEnd = lineOffset &+ lineLength
        return Row(
            shape: shape, shapeNumber: number, id: id, transaction: transaction, parent: parent, start: start,
            duration: Int64(bitPattern: duration), offset: offset, lineOffset: lineOffset, lineLength: lineLength)
    }

    private mutating func nextShape() throws(DatabaseError) -> Int {
        guard let value = source.next(), value <= UInt64(shapes.count) else { throw Self.damaged }
        let number = Int(value)
        guard number == shapes.count else { return number }
        var shape = shapes.last ?? SpanShape()
        guard let mask = source.next(1)?[0] else { throw Self.damaged }
        for member in shape.values.indices where mask & 1 << UInt8(member) != 0 {
            guard let value = source.next() else { throw Self.damaged }
            shape.values[member] = Int64(bitPattern: value)
        }
        shapes.append(shape)
        return number
    }

    private mutating func nextIdentifier() throws(DatabaseError) -> Identifier {
        guard let back = source.next(), back <= UInt64(met) else { throw Self.damaged }
        let number = back == 0 ? met : met - Int(back)
        if back == 0 {
            guard met < words.count / 8 else { throw Self.damaged }
            met += 1
        }
        if !others.isEmpty, let other = others[number] { return other }
        return .short(Self.word(words, at: number * 8))
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, at position: Int) -> UInt64 {
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    static let damaged = DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the spans of a run are damaged")
}
