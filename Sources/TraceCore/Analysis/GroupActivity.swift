/// How many tasks of a group run and how many wait, over time.
///
/// A task waits while its state is wait, and runs otherwise.
package struct GroupActivity: Sendable {
    let stretches: ActivityStretches
    /// The share of the group's makespan in which at least as many tasks run, or wait in lines within them, as there are
    /// slots: a task keeps its slot while it waits within.
    package let full: Share

    /// The activity of a group of a run, its tasks where `shift` moves them to, µs.
    package init(_ group: TaskGroup, of analysis: TraceAnalysis, shift: (Int) -> Int64 = { _ in 0 }) {
        var stretches = ActivityStretches()
        for member in group.members {
            let event = member.transaction
            stretches.add(event, waits: false, of: analysis, shift: shift(event))
        }
        stretches.sort()
        var full: Int128 = 0
        if let slots = group.knownSlots, slots > 0 {
            var held = stretches.running
            for member in group.members where analysis.breakdown(member.transaction)?.lineWait ?? 0 > 0 {
                analysis.tellLineWaits(member.transaction) { held.append($0.moved(by: shift(member.transaction))) }
            }
            held.sort()
            held.forEachStep { interval, count in
                if count >= slots { full += Int128(interval.length) }
            }
        }
        self.stretches = stretches
        self.full = Share(full, of: Int128(group.makespan))
    }
}

/// When some events run and when they wait.
struct ActivityStretches {
    private(set) var running = OpenStretches()
    private(set) var waiting = OpenStretches()
    private var sweep = StateSweep()

    /// Adds an event, later by `shift` µs: a sampled transaction waits while its state is wait and runs otherwise,
    /// any other event does all the while what `waits` says.
    mutating func add(_ event: Int, waits: Bool, of analysis: TraceAnalysis, shift: Int64 = 0) {
        guard analysis.breakdown(event) != nil else {
            append((waits, Interval(start: analysis.trace.events[event].start, end: analysis.trace.end(event))), shift)
            return
        }
        var last: (waits: Bool, interval: Interval)?
        var told: [(waits: Bool, interval: Interval)] = []
        analysis.tellStates(event, sweep: &sweep) { state, interval in
            let waits = if case .wait = state { true } else { false }
            if last?.waits == waits {
                last?.interval.end = interval.end
            } else {
                if let last { told.append(last) }
                last = (waits, interval)
            }
        }
        for stretch in told { append(stretch, shift) }
        if let last { append(last, shift) }
    }

    private mutating func append(_ stretch: (waits: Bool, interval: Interval), _ shift: Int64) {
        if stretch.interval.isEmpty { return }
        let interval = Interval(start: stretch.interval.start + shift, end: stretch.interval.end + shift)
        if stretch.waits { waiting.append(interval) } else { running.append(interval) }
    }

    /// Once all events are there.
    mutating func sort() {
        running.sort()
        waiting.sort()
    }
}
