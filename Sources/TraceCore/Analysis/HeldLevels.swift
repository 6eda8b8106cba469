/// How many slots of a line were held over time: a step function, N(t) (source: "The fit", step 6). A slot counts as held
/// from as long before the taking as tasks do something untold after it.
struct HeldLevels {
    /// Where the number changes, ascending.
    private var times: [Int64] = []
    /// The number held from each of `times` to the next, as far as there are slots.
    private var counts: [Int] = []
    /// By step: the last up to it at which all slots are held; -1 where none is.
    private var lastFull: [Int] = []
    private let slots: Int

    init(_ line: HeldLine, lag: Int64, slots: Int) {
        self.slots = slots
        let starts = line.takings.indices.map { max(line.gapStarts[$0], line.takings[$0] - max(0, lag)) }.sorted()
        var (started, ended) = (0, 0)
        while ended < line.ends.count {
            let time = started < starts.count ? min(starts[started], line.ends[ended]) : line.ends[ended]
            while started < starts.count, starts[started] == time { started += 1 }
            while ended < line.ends.count, line.ends[ended] == time { ended += 1 }
            times.append(time)
            counts.append(min(started - ended, slots))
            lastFull.append(started - ended >= slots ? times.count - 1 : lastFull.last ?? -1)
        }
    }

    /// The latest instant of a stretch of time, after its start, just before which all slots are held; nil where there is
    /// none.
    func lastFull(in interval: Interval) -> Int64? {
        let step = lastStep(before: interval.end)
        guard step >= 0, lastFull[step] >= 0 else { return nil }
        let end = lastFull[step] == step ? interval.end : times[lastFull[step] + 1]
        return end > interval.start ? end : nil
    }

    /// Step 8: how full the slots were while members waited.
    func occupancy(of admissions: [HeldLine.Admission]) -> Double {
        var sums: [Int128] = [0]
        sums.reserveCapacity(times.count)
        for index in times.indices.dropLast() {
            sums.append(sums[index] + Int128(times[index + 1] - times[index]) * Int128(counts[index]))
        }
        func sum(until time: Int64) -> Int128 {
            let step = lastStep(before: time)
            guard step >= 0 else { return 0 }
            return sums[step] + Int128(time - times[step]) * Int128(counts[step])
        }
        var (filled, waited) = (Int128(0), Int128(0))
        for admission in admissions {
            filled += sum(until: admission.wait.end) - sum(until: admission.wait.start)
            waited += Int128(admission.wait.length)
        }
        return Double(filled) / Double(Int128(slots) * waited)
    }

    /// How many are held while anybody waits, but for a twentieth of that time at either end.
    func usual(during waits: [Interval]) -> ClosedRange<Int> {
        var stretches = OpenStretches()
        for wait in waits { stretches.append(wait) }
        stretches.sort()
        var times: [Int: Int128] = [:]
        var step = 0
        stretches.forEachStep { interval, _ in
            while step > 0, self.times[step] > interval.start { step -= 1 }
            while step < self.times.count, self.times[step] < interval.end {
                let end = step + 1 < self.times.count ? self.times[step + 1] : .max
                let part = Interval(start: self.times[step], end: end).clipped(to: interval)
                if !part.isEmpty { times[counts[step], default: 0] += Int128(part.length) }
                if end >= interval.end { break }
                step += 1
            }
        }
        let all = times.values.reduce(0, +)
        func first(_ levels: [Int]) -> Int {
            var sum: Int128 = 0
            return levels.first { level in
                sum += times[level] ?? 0
                return 20 * sum >= all
            } ?? 0
        }
        let levels = times.keys.sorted()
        let low = first(levels)
        return low...max(low, first(levels.reversed()))
    }

    /// The last step that begins before a time; -1 where none does.
    private func lastStep(before time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
