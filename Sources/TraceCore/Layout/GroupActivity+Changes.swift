extension GroupActivity {
    /// Tells how many tasks run and how many wait from each time at which either number changes, µs since the epoch; both
    /// are 0 before the first and from the last on.
    package func forEachChange(_ tell: (_ time: Int64, _ running: Int, _ waiting: Int) -> Void) {
        let (running, waiting) = (stretches.running.changes, stretches.waiting.changes)
        var (nextRunning, nextWaiting) = (0, 0)
        var counts = (running: 0, waiting: 0)
        while nextRunning < running.count || nextWaiting < waiting.count {
            let time = min(
                nextRunning < running.count ? running[nextRunning].time : .max,
                nextWaiting < waiting.count ? waiting[nextWaiting].time : .max)
            if nextRunning < running.count, running[nextRunning].time == time {
                counts.running = running[nextRunning].count
                nextRunning += 1
            }
            if nextWaiting < waiting.count, waiting[nextWaiting].time == time {
                counts.waiting = waiting[nextWaiting].count
                nextWaiting += 1
            }
            tell(time, counts.running, counts.waiting)
        }
    }
}

extension OpenStretches {
    /// The times at which the number of open stretches changes, and the number from there on.
    fileprivate var changes: [(time: Int64, count: Int)] {
        var changes: [(time: Int64, count: Int)] = []
        var end: Int64?
        forEachStep { interval, count in
            if let end, end < interval.start { changes.append((end, 0)) }
            if end != interval.start || changes.last?.count != count { changes.append((interval.start, count)) }
            end = interval.end
        }
        if let end { changes.append((end, 0)) }
        return changes
    }
}
