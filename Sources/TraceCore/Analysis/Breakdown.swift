/// Where the time of one task went, µs (source: "States of a task" and "Delay and turnaround").
package struct Breakdown: Sendable, Hashable {
    package var duration: Int64 = 0
    /// Before the task, in the queue that its message came through.
    package var queued: Int64 = 0
    package var spanWait: Int64 = 0
    package var inferredWait: Int64 = 0
    /// In lines within the task, a part of `inferredWait`.
    package var lineWait: Int64 = 0
    /// The task's own code, a part of `work`.
    package var own: Int64 = 0
    /// Before the task was opened; no part of `total`.
    package var delay: Int64 = 0

    package init() {}

    package var total: Int64 { duration + queued }
    package var wait: Int64 { queued + spanWait + inferredWait }
    package var work: Int64 { total - wait }
    package var turnaround: Int64 { delay + duration }

    /// The sources that its wait has, in the order of `WaitSource`.
    package var waitSources: [WaitSource] {
        var sources: [WaitSource] = []
        if inferredWait > 0 { sources.append(.inferred) }
        if spanWait > 0 { sources.append(.span) }
        if queued > 0 { sources.append(.message) }
        return sources
    }
}
