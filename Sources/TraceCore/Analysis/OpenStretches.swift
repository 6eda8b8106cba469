/// Stretches of time, and how many are open when.
struct OpenStretches {
    private var starts: [Int64] = []
    private var ends: [Int64] = []

    /// Adds a stretch, which is not empty.
    mutating func append(_ interval: Interval) {
        starts.append(interval.start)
        ends.append(interval.end)
    }

    /// Once all stretches are there.
    mutating func sort() {
        starts.sort()
        ends.sort()
    }

    /// Tells how many stretches are open from each time at which one begins or ends to the next, where any is.
    func forEachStep(_ tell: (Interval, Int) -> Void) {
        var (started, ended) = (0, 0)
        var since: Int64 = 0
        while ended < ends.count {
            let time = started < starts.count ? min(starts[started], ends[ended]) : ends[ended]
            if started > ended, since < time { tell(Interval(start: since, end: time), started - ended) }
            while started < starts.count, starts[started] == time { started += 1 }
            while ended < ends.count, ends[ended] == time { ended += 1 }
            since = time
        }
    }

    /// How many are open at a time, once they are sorted.
    func count(at time: Int64) -> Int { Self.count(starts, upTo: time) - Self.count(ends, upTo: time) }

    /// How many of some sorted times have come at a time.
    private static func count(_ times: [Int64], upTo time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
