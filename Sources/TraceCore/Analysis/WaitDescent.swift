/// Finds the events that stand below a wait span of their own task, for all tasks of a trace in one walk down
/// (source: "Wait span" of the definitions of wait and work).
///
/// For each task it counts the wait spans above the event that it stands at. A transaction begins its own count
/// anew, because nobody looks past it. Going up from each event instead would be quadratic in a chain whose spans
/// name different transactions.
struct WaitDescent {
    private let trace: Trace
    /// By event: the task that it is a span of.
    private let tasks: EventLinks
    private let isWait: [Bool]
    private let children: LinkedEvents
    /// By event: whether it stands below a wait span of its task.
    private(set) var isBelow: [Bool]
    /// By transaction: how many of its wait spans stand above, up to the transaction.
    private var open: [Int32]
    private var isVisited: [Bool]

    init(_ trace: Trace, tasks: EventLinks, isWait: [Bool]) {
        self.trace = trace
        self.tasks = tasks
        self.isWait = isWait
        children = LinkedEvents(trace.parents)
        isBelow = [Bool](repeating: false, count: trace.events.count)
        open = [Int32](repeating: 0, count: trace.events.count)
        isVisited = isBelow
        for index in trace.events.indices where trace.parents[index] == nil { descend(from: index) }
        // What is left stands in a circle or below one.
        for index in trace.events.indices where !isVisited[index] { goRound(circle(above: index)) }
    }

    private enum Step {
        case enter(Int)
        /// With the transaction's count before it was entered; 0 for a span.
        case leave(Int, before: Int32)
    }

    private mutating func descend(from top: Int) {
        if children.range(of: top).isEmpty {
            visit(top)
            return
        }
        var steps = [Step.enter(top)]
        while let step = steps.popLast() {
            switch step {
            case .enter(let index):
                visit(index)
                steps.append(.leave(index, before: open[index]))
                count(index)
                for child in children[index] where !isVisited[Int(child)] { steps.append(.enter(Int(child))) }
            case .leave(let index, let before):
                if let task = waitTask(index) { open[task] -= 1 }
                open[index] = before
            }
        }
    }

    /// In a circle every event stands below every other: the first time round only counts.
    private mutating func goRound(_ circle: [Int]) {
        for index in circle {
            count(index)
            isVisited[index] = true
        }
        for index in circle {
            visit(index)
            count(index)
            for child in children[index] where !isVisited[Int(child)] { descend(from: Int(child)) }
        }
        for index in circle {
            open[index] = 0
            if let task = waitTask(index) { open[task] = 0 }
        }
    }

    /// The circle that going up from an event ends in, from above to below.
    private func circle(above index: Int) -> [Int] {
        var path: [Int] = []
        var seen: Set<Int> = []
        var next: Int? = index
        while let current = next, seen.insert(current).inserted {
            path.append(current)
            next = trace.parents[current]
        }
        return path.drop { $0 != next }.reversed()
    }

    private mutating func visit(_ index: Int) {
        isVisited[index] = true
        if let task = tasks[index] { isBelow[index] = open[task] > 0 }
    }

    private mutating func count(_ index: Int) {
        if trace.events[index].kind == .transaction { open[index] = 0 }
        if let task = waitTask(index) { open[task] += 1 }
    }

    /// The task of a wait span; nil for all other events.
    private func waitTask(_ index: Int) -> Int? { isWait[index] ? tasks[index] : nil }
}
