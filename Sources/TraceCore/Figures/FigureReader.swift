/// Bytes are not what a `FigureWriter` wrote.
struct FigureDamage: Error {}

/// Reads what a `FigureWriter` wrote, whatever it is given: it never goes beyond the bytes, and what it says of how much
/// follows is never more than the bytes can hold.
struct FigureReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// How many bytes are left.
    var rest: Int { bytes.count - position }

    @inline(__always)
    mutating func number() throws(FigureDamage) -> UInt64 {
        guard position < bytes.count else { throw FigureDamage() }
        let first = bytes[position]
        position += 1
        return first < 128 ? UInt64(first) : try longer(UInt64(first & 127))
    }

    private mutating func longer(_ low: UInt64) throws(FigureDamage) -> UInt64 {
        var value = low
        var shift: UInt64 = 7
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
            shift += 7
        }
        throw FigureDamage()
    }

    mutating func signed() throws(FigureDamage) -> Int64 {
        let value = try number()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    @inline(__always)
    mutating func number(upTo limit: Int) throws(FigureDamage) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else { throw FigureDamage() }
        return Int(value)
    }

    /// The next so many bytes.
    mutating func slice(_ count: Int) throws(FigureDamage) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest else { throw FigureDamage() }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// A column of so many values, not yet read.
    mutating func column(_ count: Int) throws(FigureDamage) -> PackedColumn {
        guard count > 1 else { return PackedColumn(constant: count == 1 ? try number() : 0) }
        let width = try number(upTo: UInt64.bitWidth)
        let least = try number()
        let mask = width == 0 ? 0 : UInt64.max >> UInt64(UInt64.bitWidth - width)
        let (size, isTooLarge) = count.multipliedReportingOverflow(by: width)
        guard !least.addingReportingOverflow(mask).overflow, !isTooLarge, size <= rest * 8 else {
            throw FigureDamage()
        }
        let column = PackedColumn(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[position...]), width: width, mask: mask, least: least)
        position += (size + 7) / 8
        return column
    }
}

/// A column of a run's figures as it was written: values of `width` bits, to each of which `least` is added.
struct PackedColumn {
    /// From the column's first byte to the end of all, so that eight bytes can be read at once nearly everywhere.
    private let bytes: UnsafeRawBufferPointer
    private let width: Int
    private let mask: UInt64
    private let least: UInt64

    fileprivate init(bytes: UnsafeRawBufferPointer, width: Int, mask: UInt64, least: UInt64) {
        self.bytes = bytes
        self.width = width
        self.mask = mask
        self.least = least
    }

    init(constant: UInt64) {
        self.init(bytes: UnsafeRawBufferPointer(start: nil, count: 0), width: 0, mask: 0, least: constant)
    }

    /// No value of it is greater.
    var bound: UInt64 { least + mask }

    @inline(__always)
    subscript(_ place: Int) -> UInt64 {
        guard width > 0 else { return least }
        let bit = place * width
        let (byte, shift) = (bit >> 3, bit & 7)
        guard width <= 57, byte + 8 <= bytes.count else { return atEnd(byte, shift) }
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self))
        return (word >> UInt64(shift)) & mask &+ least
    }

    /// As the subscript, a byte at a time.
    private func atEnd(_ first: Int, _ shift: Int) -> UInt64 {
        var word: UInt128 = 0
        for byte in first...first + (shift + width - 1) / 8 {
            word |= UInt128(bytes[byte]) << UInt128(8 * (byte - first))
        }
        return UInt64(truncatingIfNeeded: word >> UInt128(shift)) & mask + least
    }

    /// Reads as many values as there is room for; the greatest.
    @inline(__always)
    func read<Value: FixedWidthInteger>(into values: UnsafeMutableBufferPointer<Value>) -> UInt64 {
        guard width > 0, let base = bytes.baseAddress else {
            values.update(repeating: Value(truncatingIfNeeded: least))
            return values.isEmpty ? 0 : least
        }
        // Values up to here stand in eight bytes that can be read at once.
        let whole = width <= 57 && bytes.count >= 8 ? min(values.count, ((bytes.count - 8) * 8 + 7) / width + 1) : 0
        var (greatest, bit): (UInt64, Int) = (0, 0)
        for place in 0..<whole {
            let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
            let value = (word >> UInt64(truncatingIfNeeded: bit & 7)) & mask
            greatest = max(greatest, value)
            values[place] = Value(truncatingIfNeeded: value &+ least)
            bit &+= width
        }
        for place in whole..<values.count {
            let value = self[place]
            greatest = max(greatest, value - least)
            values[place] = Value(truncatingIfNeeded: value)
        }
        return greatest + least
    }
}

extension Array where Element: FixedWidthInteger {
    /// Makes the array this long; what its values are then is of no account.
    mutating func resize(_ count: Int) {
        if self.count > count {
            removeLast(self.count - count)
        } else if self.count < count {
            append(contentsOf: repeatElement(0, count: count - self.count))
        }
    }
}
