/// Collects the leaf work spans of tasks in classes, each with the gap before it (source: "Lines within tasks").
struct SpanClassCollector {
    /// The tasks of one service and process.
    struct Process: Hashable {
        fileprivate var number: Int
        var service: Symbol
        private var process: Int
        /// The summed durations of its tasks, µs.
        fileprivate(set) var durations: Int128 = 0

        fileprivate init(number: Int, service: Symbol, process: Int) {
            self.number = number
            self.service = service
            self.process = process
        }

        /// By service, then by what tells processes apart.
        func precedes(_ other: Process, in trace: Trace) -> Bool {
            if service != other.service { return trace.symbols.precedes(service, other.service) }
            return trace.processes[process].precedes(trace.processes[other.process], trace.symbols)
        }
    }

    struct Member {
        /// Among the items of all tasks.
        var item: Int32
        /// As an event.
        var task: Int32
        /// Its gap goes from here to its start, µs since the epoch.
        var gapStart: Int64
    }

    /// The leaf work spans of one type and name.
    struct Class {
        var key: LineWithin.SpanClass
        var members: [Member] = []
        /// The summed gaps, µs.
        var gapTime: Int128 = 0
    }

    private(set) var processes: [Process] = []
    private let trace: Trace
    private let index: TaskSpansIndex
    private let tasks: EventLinks
    private var numbers: [ProcessKey: Int] = [:]
    private var last: (key: ProcessKey, number: Int)?
    /// By process.
    private var classes: [[Class]] = []
    private var classNumbers: [ClassKey: Int] = [:]
    private var above: [Int32] = []
    private var hasChild: [Bool] = []
    /// By event, of spans that are no items: the nearest item above, -1 where there is none.
    private var climbed: [Int: Int32] = [:]

    private struct ProcessKey: Hashable {
        var service: Symbol
        var process: Int
    }

    private struct ClassKey: Hashable {
        var process: Int
        var key: LineWithin.SpanClass
    }

    init(_ trace: Trace, _ index: TaskSpansIndex) {
        self.trace = trace
        self.index = index
        tasks = TaskSpansIndex.tasks(of: trace)
    }

    func classes(of process: Process) -> [Class] { classes[process.number] }

    /// Adds the spans of a task, which waited in the line of its group where `wait` says.
    mutating func add(_ task: Int, wait: Interval?) {
        let process = number(of: task)
        processes[process].durations += Int128(trace.events[task].duration)
        let places = index.items(of: task)
        guard !places.isEmpty else { return }
        let spans = index.spans(of: task)
        findAbove(spans, places)
        var gaps = TaskGaps(spans, above: above)
        for (item, place) in places.enumerated() where !spans.items[item].waits && !hasChild[item] {
            let event = trace.events[Int(index.events[place])]
            guard event.kind == .span else { continue }
            let gap = gaps.gap(of: item, after: wait)
            let number = number(of: LineWithin.SpanClass(event), in: process)
            classes[process][number].members.append(
                Member(
                    item: Int32(truncatingIfNeeded: place), task: Int32(truncatingIfNeeded: task),
                    gapStart: gap.start))
            classes[process][number].gapTime += Int128(gap.length)
        }
    }

    private mutating func number(of task: Int) -> Int {
        let key = ProcessKey(service: trace.events[task].service, process: trace.processIdentity(task))
        if let last, last.key == key { return last.number }
        let number = numbers[key] ?? processes.count
        if number == processes.count {
            numbers[key] = number
            processes.append(Process(number: number, service: key.service, process: key.process))
            classes.append([])
        }
        last = (key, number)
        return number
    }

    private mutating func number(of key: LineWithin.SpanClass, in process: Int) -> Int {
        let full = ClassKey(process: process, key: key)
        if let known = classNumbers[full] { return known }
        let number = classes[process].count
        classNumbers[full] = number
        classes[process].append(Class(key: key))
        return number
    }

    /// For each item of a task, the nearest item above it, and whether it is the parent of one.
    private mutating func findAbove(_ spans: TaskSpans, _ places: Range<Int>) {
        above.removeAll(keepingCapacity: true)
        hasChild.removeAll(keepingCapacity: true)
        hasChild.append(contentsOf: repeatElement(false, count: places.count))
        for item in spans.items.indices {
            if let parent = spans.items[item].parent {
                hasChild[parent] = true
                above.append(parent == item ? -1 : Int32(truncatingIfNeeded: parent))
            } else {
                let found = climb(from: Int(index.events[places.lowerBound + item]), places)
                above.append(found == item ? -1 : Int32(truncatingIfNeeded: found))
            }
        }
    }

    /// The nearest item above an event whose parent is none; -1 where there is none. Goes up through spans of the same
    /// task that take no time.
    private mutating func climb(from event: Int, _ places: Range<Int>) -> Int {
        guard let task = tasks[event], var next = trace.parents[event], tasks[next] == task else { return -1 }
        var path: [Int] = []
        var found: Int32 = -1
        while true {
            if let item = item(next, places) {
                found = Int32(truncatingIfNeeded: item)
                break
            }
            if let known = climbed[next] {
                found = known
                break
            }
            // Where it goes in a circle, it ends here with what is known so far.
            climbed[next] = -1
            path.append(next)
            guard let parent = trace.parents[next], tasks[parent] == task else { break }
            next = parent
        }
        for event in path { climbed[event] = found }
        return Int(found)
    }

    /// The item of a task that an event is; nil where it is none.
    private func item(_ event: Int, _ places: Range<Int>) -> Int? {
        var (low, high) = (places.lowerBound, places.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if Int(index.events[middle]) < event { low = middle + 1 } else { high = middle }
        }
        return low < places.upperBound && Int(index.events[low]) == event ? low - places.lowerBound : nil
    }
}
