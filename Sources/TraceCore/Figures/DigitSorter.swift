/// Sorts integers by some of their bits, a digit of at most twelve bits at a time. Those whose bits are equal stay in
/// the order they were in.
struct DigitSorter {
    private(set) var keys: UnsafeMutableBufferPointer<UInt64>
    private var spare: UnsafeMutableBufferPointer<UInt64>

    /// The first `count` of the memory are what is sorted; there is room for as many again behind them.
    init(_ memory: UnsafeMutableBufferPointer<UInt64>, count: Int) {
        keys = UnsafeMutableBufferPointer(rebasing: memory[..<count])
        spare = UnsafeMutableBufferPointer(rebasing: memory[count..<2 * count])
    }

    mutating func sort(by bits: Range<Int>) {
        guard !bits.isEmpty else { return }
        let digits = (bits.count + 11) / 12
        let width = (bits.count + digits - 1) / digits
        for shift in stride(from: bits.lowerBound, to: bits.upperBound, by: width) {
            scatter(shift: UInt64(shift), width: min(width, bits.upperBound - shift))
            swap(&keys, &spare)
        }
    }

    /// Puts the keys into `spare`, ordered by one digit.
    private func scatter(shift: UInt64, width: Int) {
        let mask: UInt64 = 1 << UInt64(width) - 1
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 1 << width) { places in
            places.initialize(repeating: 0)
            for key in keys { places[Int(truncatingIfNeeded: key >> shift & mask)] &+= 1 }
            var start = 0
            for digit in places.indices {
                let count = places[digit]
                places[digit] = start
                start += count
            }
            for key in keys {
                let digit = Int(truncatingIfNeeded: key >> shift & mask)
                spare.initializeElement(at: places[digit], to: key)
                places[digit] &+= 1
            }
        }
    }
}

extension Array where Element == Int64 {
    /// The values that `value` tells of so many places, none below 0, from the least to the greatest.
    @inline(__always)
    init(sortedCount count: Int, _ value: (Int) -> Int64) {
        self = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * count) { memory in
            var used: UInt64 = 0
            for place in 0..<count {
                let value = UInt64(bitPattern: value(place))
                used |= value
                memory.initializeElement(at: place, to: value)
            }
            var sorter = DigitSorter(memory, count: count)
            sorter.sort(by: 0..<UInt64.bitWidth - used.leadingZeroBitCount)
            return sorter.keys.map { Int64(bitPattern: $0) }
        }
    }
}
