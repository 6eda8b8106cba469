/// How well numbers of slots foretell when the takers of a line took theirs (source: "The fit", steps 2 and 3).
struct LagSums {
    /// Of so many takers, spread evenly, the lags are looked at while a number of slots is looked for.
    static let mostSampled = 512
    /// Pools of more slots are not found.
    static let mostSlots = 4_096

    private let line: HeldLine

    init(_ line: HeldLine) { self.line = line }

    /// The lower median of the lags of all takers with so many slots, and what they differ from it in all, µs.
    func sums(slots: Int) -> (lag: Int64, cost: UInt128) {
        var lags = line.takings.indices.map { line.takings[$0] - line.foretold($0, slots: slots) }
        let lag = lags.takeLowerMedian()
        return (lag, lags.summedDistance(from: lag))
    }

    /// What is left to explain if nobody stood in line: the cost of a slot for everybody, with a lag that is no more
    /// than half of what a slot is held for, µs.
    var baseline: UInt128 {
        var lags = line.takings.indices.map { line.takings[$0] - line.gapStarts[$0] }
        let lag = lags.takeLowerMedian()
        return lags.summedDistance(from: min(lag, line.medianHold / 2))
    }
}

extension HeldLine {
    /// K: of the numbers of slots whose lag is at most half of what a slot is held for, the one that foretells best when
    /// the slots were taken; of equals the smallest. Nil where there is none.
    ///
    /// With more slots nobody is foretold later, so lags, and their median, only grow with the number of slots: those
    /// whose median is small enough stand one after the other.
    func bestSlots() -> Int? {
        let most = min(count, top + top / 2 + 2, LagSums.mostSlots)
        let places = sampledPlaces
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: places.count) { lags in
            func lag(slots: Int) -> Int64 {
                for (index, place) in places.enumerated() {
                    lags.initializeElement(at: index, to: takings[place] - foretold(place, slots: slots))
                }
                return lags.select((places.count - 1) / 2)
            }
            func isEarlier(_ lag: Int64) -> Bool { 2 * Int128(lag) < -Int128(medianHold) }
            func isLater(_ lag: Int64) -> Bool { 2 * Int128(lag) > Int128(medianHold) }
            var (slots, end) = (1, most + 1)
            while slots < end {
                let middle = (slots + end) / 2
                if isEarlier(lag(slots: middle)) { slots = middle + 1 } else { end = middle }
            }
            var best: (slots: Int, cost: UInt128)?
            while slots <= most {
                let lag = lag(slots: slots)
                if isLater(lag) { break }
                let cost = lags.summedDistance(from: lag)
                if best.map({ cost < $0.cost }) ?? true { best = (slots, cost) }
                slots += 1
            }
            return best?.slots
        }
    }

    /// The places of the takers that are looked at while a number of slots is looked for.
    private var sampledPlaces: [Int] {
        guard count > LagSums.mostSampled else { return Array(takings.indices) }
        return (0..<LagSums.mostSampled).map { $0 * (count - 1) / (LagSums.mostSampled - 1) }
    }
}

/// How far two numbers lie from one another, however far.
func separation(from left: Int64, to right: Int64) -> UInt64 {
    left > right ? UInt64(bitPattern: left &- right) : UInt64(bitPattern: right &- left)
}

extension Collection<Int64> {
    /// How far the values lie from a number, in all.
    fileprivate func summedDistance(from middle: Int64) -> UInt128 {
        reduce(UInt128(0)) { $0 + UInt128(separation(from: $1, to: middle)) }
    }
}

extension [Int64] {
    /// The value at position ⌊(n-1)/2⌋ of the sorted values; their order changes. There is at least one.
    mutating func takeLowerMedian() -> Int64 { takeValue(at: (count - 1) / 2) }

    /// The value at a position of the sorted values; their order changes.
    mutating func takeValue(at position: Int) -> Int64 { withUnsafeMutableBufferPointer { $0.select(position) } }
}

extension UnsafeMutableBufferPointer<Int64> {
    /// The value at a position of the sorted values; their order changes. Looks only at the side that the position is
    /// on, and sorts what is left where that does not get there soon.
    func select(_ position: Int) -> Int64 {
        var (low, high) = (0, count - 1)
        var rounds = 0
        while low < high {
            rounds += 1
            if rounds > 64 {
                var rest = self[low...high]
                rest.sort()
                break
            }
            let pivot = median(self[low], self[(low + high) / 2], self[high])
            var (left, right) = (low, high)
            while left <= right {
                while self[left] < pivot { left += 1 }
                while self[right] > pivot { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if position <= right { high = right } else if position >= left { low = left } else { break }
        }
        return self[position]
    }

    private func median(_ first: Int64, _ second: Int64, _ third: Int64) -> Int64 {
        Swift.max(Swift.min(first, second), Swift.min(Swift.max(first, second), third))
    }
}
