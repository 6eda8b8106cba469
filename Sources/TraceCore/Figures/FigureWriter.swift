/// Writes integers in as few bytes as they need, and columns of them in as few bits.
struct FigureWriter {
    private(set) var bytes: [UInt8] = []

    /// Seven bits a byte, the lowest first, the top bit set on all but the last.
    mutating func number(_ value: UInt64) {
        var value = value
        while value >= 128 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 128)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    mutating func number(_ value: Int) { number(UInt64(value)) }

    /// Alternating around zero (0, -1, 1, -2, …), so that small ones are short either way.
    mutating func signed(_ value: Int64) { number(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    /// A column, of which the reader knows the length: the number of bits that its values have above the least of them,
    /// that least one, and the values one behind the other. Of a single value only that, of none nothing.
    mutating func column(_ values: [UInt64]) {
        guard let first = values.first else { return }
        guard values.count > 1 else { return number(first) }
        var (least, greatest) = (first, first)
        for value in values { (least, greatest) = (min(least, value), max(greatest, value)) }
        let width = UInt64.bitWidth - (greatest - least).leadingZeroBitCount
        number(width)
        number(least)
        guard width > 0 else { return }
        var (pending, filled): (UInt128, Int) = (0, 0)
        for value in values {
            pending |= UInt128(value - least) << UInt128(filled)
            filled += width
            while filled >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                filled -= 8
            }
        }
        if filled > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
    }

    mutating func column(_ values: some Sequence<some BinaryInteger>) {
        column(values.map { UInt64(truncatingIfNeeded: $0) })
    }

    /// Columns of one length, of which most are often nothing but zeros: which are not, and those.
    mutating func columns(_ columns: [[UInt64]]) {
        var present: UInt64 = 0
        for (place, column) in columns.enumerated() where column.contains(where: { $0 != 0 }) {
            present |= 1 << UInt64(place)
        }
        number(present)
        for (place, column) in columns.enumerated() where present & 1 << UInt64(place) != 0 { self.column(column) }
    }

    mutating func append(_ more: [UInt8]) { bytes += more }
}
