/// A field of the protocol's tables in the form in which it is looked up and read: no reference to count,
/// no array to check the bounds of.
struct CompiledField {
    /// What to do with the value; the fields below say the rest.
    enum Kind: UInt8 {
        case text, serviceName, outcome, integer, number, boolean, timestamp, textOrInteger, port
        case object, objects, causes, texts, numbers, counts, labels, headers, map, marks, body, any, samples
        case textIfAny, objectIfAny
    }

    let kind: Kind
    let capture: Capture
    let keyCount: UInt8
    /// Eight bytes of the key each, from its beginning, and its last ones; zeros behind a shorter key.
    let firstWord: UInt64
    let secondWord: UInt64
    let thirdWord: UInt64
    let lastWord: UInt64
    /// As `firstWord` and `lastWord`, of the key with the quote and the colon behind it.
    let firstOfMember: UInt64
    let lastOfMember: UInt64
    /// Its place in its object's shape.
    let index: UInt8
    /// Its bit in the state of its object.
    let bit: UInt64
    /// The bit of its capture, 0 for none.
    let captureBit: UInt64
    /// The least value of an integer, the least length of a text.
    let minimum: Int64
    /// The greatest length of a text.
    let maximum: Int
    /// The least value of a number.
    let leastNumber: Double
    /// Whether elements of the array are remembered.
    let isRemembered: Bool
    /// The shape of an object or of an array's elements.
    let child: UnsafePointer<CompiledShape>?
    /// What it was made from, for messages.
    let source: Unmanaged<Source>

    /// The longest key, with the quote and the colon behind it, that two words cover.
    static let longestMember = 16

    final class Source {
        let key: String
        init(_ key: String) { self.key = key }
    }
}

/// An object of the protocol's tables in that form. Compiled shapes are made once and never freed.
struct CompiledShape {
    /// Its number among the shapes of all lines.
    let number: Int
    /// The number of its state among those of its line, and that behind the last of the shapes below it.
    let state: Int
    let endState: Int
    let fields: UnsafePointer<CompiledField>
    let fieldCount: Int
    /// By hash: the index of a field, or `noField`.
    let slots: UnsafePointer<UInt8>
    let multiplier: UInt64
    let shift: UInt64
    /// The fields that must be set wherever it is.
    let required: UInt64
    /// Fields of which one must be set; 0 where there is no such rule.
    let anyOf: UInt64
    let conditions: UnsafePointer<Condition>
    let conditionCount: Int
    /// The bit that any member sets, in a free map; else 0.
    let memberBit: UInt64
    /// What it was made from, for messages.
    let source: Unmanaged<Source>

    static let noField: UInt8 = 255

    /// A field that must be set where one of others is.
    struct Condition {
        let field: UInt64
        let others: UInt64
    }

    final class Source {
        let shape: Shape
        init(_ shape: Shape) { self.shape = shape }
    }

    /// The slot of a key: by its length and its first and last eight bytes, or all it has, in either case.
    @inline(__always)
    static func slot(first: UInt64, last: UInt64, count: Int, multiplier: UInt64, shift: UInt64) -> Int {
        let either: UInt64 = 0xDFDF_DFDF_DFDF_DFDF
        let start = first & either
        let mixed = (last & either) ^ (start &<< 13 | start &>> 51) ^ UInt64(truncatingIfNeeded: count) &<< 32
        return Int(truncatingIfNeeded: (mixed &* multiplier) &>> shift)
    }

    /// The field of a key, nil where the protocol has none.
    @inline(__always)
    func field(_ key: JSONText, _ scanner: borrowing JSONScanner) -> UnsafePointer<CompiledField>? {
        let count = key.count
        let first: UInt64
        let last: UInt64
        if count < 8 {
            first = scanner.shortWord(key)
            last = first
        } else {
            first = JSONScanner.word(key.start)
            last = JSONScanner.word(key.start + (count - 8))
        }
        let index = slots[Self.slot(first: first, last: last, count: count, multiplier: multiplier, shift: shift)]
        guard index != Self.noField else { return nil }
        let field = fields + Int(index)
        guard count == Int(field.pointee.keyCount) else { return nil }
        if first == field.pointee.firstWord, last == field.pointee.lastWord,
            count <= 16 || JSONScanner.word(key.start + 8) == field.pointee.secondWord,
            count <= 24 || JSONScanner.word(key.start + 16) == field.pointee.thirdWord
        {
            return field
        }
        return matches(key, field) ? field : nil
    }

    /// Whether a key is a field's, in whatever case.
    private func matches(_ key: JSONText, _ field: UnsafePointer<CompiledField>) -> Bool {
        key.sent.elementsEqual(field.pointee.source.takeUnretainedValue().key.utf8) {
            (sent, known) in
            sent == known || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= sent && sent | 0x20 == known)
        }
    }
}
