/// How many tasks of a group run and how many wait, over time.
///
/// A task waits while its state is wait, and runs otherwise.
package struct GroupActivity: Sendable {
    let running: OpenStretches
    let waiting: OpenStretches
    /// The share of the group's makespan in which at least as many tasks run as there are slots.
    package let full: Share

    /// The activity of a group of a run.
    package init(_ group: TaskGroup, of analysis: TraceAnalysis) {
        var (running, waiting) = (OpenStretches(), OpenStretches())
        var sweep = StateSweep()
        for member in group.members {
            var last: (waits: Bool, interval: Interval)?
            func close() {
                guard let last else { return }
                if last.waits { waiting.append(last.interval) } else { running.append(last.interval) }
            }
            analysis.tellStates(member.transaction, sweep: &sweep) { state, interval in
                let waits = if case .wait = state { true } else { false }
                if last?.waits == waits {
                    last?.interval.end = interval.end
                } else {
                    close()
                    last = (waits, interval)
                }
            }
            close()
        }
        running.sort()
        waiting.sort()
        var full: Int128 = 0
        if group.slots > 0 {
            running.forEachStep { interval, count in
                if count >= group.slots { full += Int128(interval.length) }
            }
        }
        self.running = running
        self.waiting = waiting
        self.full = Share(full, of: Int128(group.makespan))
    }
}
