/// A half-open stretch of time, `[start, end)`, µs since the epoch.
package struct Interval: Sendable, Hashable {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
        self.start = start
        self.end = end
    }

    /// µs; never negative.
    package var length: Int64 { max(0, end - start) }

    package var isEmpty: Bool { end <= start }

    /// The part of it inside another interval; empty where they do not meet.
    package func clipped(to other: Interval) -> Interval {
        let start = max(start, other.start)
        return Interval(start: start, end: max(start, min(end, other.end)))
    }
}
