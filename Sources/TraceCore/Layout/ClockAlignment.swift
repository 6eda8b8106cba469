/// How far events are moved where the clocks of two processes differ.
///
/// What a process did for another cannot have begun before it was asked, nor, where it was shorter, have ended after
/// the answer. Where the children that one process or service has below an event of another lie outside of it, they
/// are moved together, with all that is below them: to its middle (the ways there and back are taken to be equally
/// long), or, where they take longer than it, to its start if they begin before it. Nothing else is moved, and
/// nothing is analysed anew: durations, waits and works stay as they were sent.
package struct ClockAlignment: Sendable, Hashable {
    /// By event, µs; empty where nothing is moved.
    private let shifts: [Int64]
    /// The number of events that are not where their times say.
    package let moved: Int
    /// The smallest and the largest of the shifts that are not 0, µs; nil where nothing is moved.
    package let range: ClosedRange<Int64>?

    /// Nothing is moved.
    package static let none = ClockAlignment()

    private init() {
        shifts = []
        moved = 0
        range = nil
    }

    /// The children that a process has below an event of another.
    private struct Callee: Hashable {
        let parent: Int
        let process: Int
        let service: Symbol

        /// Nil where an event has no parent, or one of its own process and service.
        init?(_ event: Int, in trace: Trace) {
            guard let parent = trace.parents[event] else { return nil }
            self.parent = parent
            process = trace.processIdentity(event)
            service = trace.events[event].service
            if process == trace.processIdentity(parent), service == trace.events[parent].service { return nil }
        }
    }

    /// The shifts that the parents of a run ask for; `tree` is the run's.
    package init(_ trace: Trace, tree: WaterfallTree) {
        var callees: [Callee: Interval] = [:]
        for index in trace.events.indices {
            guard let callee = Callee(index, in: trace) else { continue }
            let whole = Interval(start: trace.events[index].start, end: trace.end(index))
            let known = callees[callee] ?? whole
            callees[callee] = Interval(start: min(known.start, whole.start), end: max(known.end, whole.end))
        }
        guard !callees.isEmpty else {
            self = .none
            return
        }
        var shifts = [Int64](repeating: 0, count: trace.events.count)
        // Parents come before what is below them, apart from the one that a circle was cut open at.
        for row in tree.rows where !tree.cycle.contains(row.event) {
            guard let parent = trace.parents[row.event] else { continue }
            let above = Interval(start: trace.events[parent].start, end: trace.end(parent))
            let callee = Callee(row.event, in: trace).flatMap { callees[$0] }
            let shift = Int128(shifts[parent]) + Int128(callee.map { Self.shift(of: $0, into: above) } ?? 0)
            shifts[row.event] = Self.bounded(shift, from: trace.events[row.event].start)
        }
        let others = shifts.lazy.filter { $0 != 0 }
        moved = others.count
        range = others.min().flatMap { least in others.max().map { least...$0 } }
        self.shifts = moved == 0 ? [] : shifts
    }

    /// A shift that leads to no time that an event could not have been sent with (±2^61 µs), however the times of a
    /// chain of processes add up.
    private static func bounded(_ shift: Int128, from start: Int64) -> Int64 {
        let most = Int128(1) << 61
        return Int64(min(max(Int128(start) + shift, -most), most) - Int128(start))
    }

    /// How far an event is moved, µs.
    package func shift(of event: Int) -> Int64 { shifts.isEmpty ? 0 : shifts[event] }

    private static func shift(of callee: Interval, into caller: Interval) -> Int64 {
        if callee.length > caller.length { return max(0, caller.start - callee.start) }
        if callee.start >= caller.start, callee.end <= caller.end { return 0 }
        return caller.start + (caller.length - callee.length) / 2 - callee.start
    }
}

extension Interval {
    /// The stretch, so many µs later.
    package func moved(by shift: Int64) -> Interval { Interval(start: start + shift, end: end + shift) }
}
