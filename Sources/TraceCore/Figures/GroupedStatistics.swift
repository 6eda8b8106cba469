/// The statistics of one quantity: of all values, and of those of each group.
struct GroupedStatistics: Sendable {
    private(set) var overall: Statistics
    private(set) var groups: [Statistics]
    private let percentiles: [PercentileRank]

    /// `places` says of each value which group it is of, `counts` how many values each group has. No value is below 0.
    /// The memory has room for twice as many integers: shared by several quantities, it is asked for once.
    ///
    /// Group and value are sorted as one integer, the group above the value, digit by digit from the lowest: when the
    /// value's digits are done all values stand in order, and when the group's are, those of each group.
    @inline(__always)
    init(
        _ places: [UInt32], counts: [Int], percentiles: [PercentileRank] = [],
        in memory: UnsafeMutableBufferPointer<UInt64>, value: (Int) -> Int64
    ) {
        self.percentiles = percentiles
        let none = Statistics([], percentiles: percentiles)
        overall = none
        var used: UInt64 = 0
        for index in places.indices { used |= UInt64(bitPattern: value(index)) }
        let valueBits = UInt64.bitWidth - used.leadingZeroBitCount
        let groupBits = Int.bitWidth - max(0, counts.count - 1).leadingZeroBitCount
        groups = [Statistics](repeating: none, count: counts.count)
        guard valueBits > 0 else { return }
        guard valueBits + groupBits <= UInt64.bitWidth else {
            compare(places, counts, value)
            return
        }

        let mask = UInt64.max >> UInt64(UInt64.bitWidth - valueBits)
        for index in places.indices {
            let group = UInt64(places[index]) << UInt64(valueBits)
            memory.initializeElement(at: index, to: group | UInt64(bitPattern: value(index)))
        }
        var sorter = DigitSorter(memory, count: places.count)
        sorter.sort(by: 0..<valueBits)
        overall = Statistics(
            ofSorted: sorter.keys.lazy.map { Int64(bitPattern: $0 & mask) }, percentiles: percentiles)
        sorter.sort(by: valueBits..<valueBits + groupBits)
        var start = 0
        for (group, count) in counts.enumerated() {
            let keys = sorter.keys[start..<start + count]
            groups[group] = Statistics(
                ofSorted: keys.lazy.map { Int64(bitPattern: $0 & mask) }, percentiles: percentiles)
            start += count
        }
    }

    /// As `init`, for values and groups that don't fit into one integer together.
    private mutating func compare(_ places: [UInt32], _ counts: [Int], _ value: (Int) -> Int64) {
        var values = counts.map { count -> [Int64] in
            var values: [Int64] = []
            values.reserveCapacity(count)
            return values
        }
        for (index, group) in places.enumerated() { values[Int(group)].append(value(index)) }
        groups = values.map { Statistics($0, percentiles: percentiles) }
        overall = Statistics(values.flatMap(\.self), percentiles: percentiles)
    }
}
