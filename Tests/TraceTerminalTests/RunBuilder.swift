import TraceCore

/// Makes runs out of drawn timelines.
///
/// A line is a task or a span, a character a tenth of a second: `user-1 |##..##|`. Tasks are drawn with `#` where
/// a span works, `w` where a wait span is open, `.` where nothing is; a closing `x` is a failure. Blanks come before
/// its start and after its end.
struct RunBuilder {
    private(set) var batch = EventBatch()
    private let trace: Int
    private var nextID: UInt64 = 1
    private let epoch: Int64 = 1_795_406_603_260_035
    /// µs a character.
    var step: Int64 = 100_000

    init(
        trace id: String = "1f482a2344444444aaaaaaaaaaaaaaaa", service: String = "billing-runner", pid: Int64? = nil
    ) {
        trace = batch.trace(Identifier(id))
        batch.processes = [ProcessMetadata(service: batch.symbols.intern(service), line: [])]
        batch.processes[0].pid = pid
    }

    /// Adds a transaction or a span; its id. Times in µs from the run's start.
    @discardableResult
    mutating func add(
        _ kind: Event.Kind, _ name: String, from start: Int64, to end: Int64, under parent: Identifier? = nil,
        of transaction: Identifier? = nil, type: String = "db", user: String? = nil,
        change: (inout Event) -> Void = { _ in }
    ) -> Identifier {
        let id = Identifier.short(nextID)
        nextID += 1
        var event = Event(
            kind: kind, trace: trace, id: id, process: 0, start: epoch + start, duration: end - start,
            line: BodyRange(offset: 0, length: 0))
        event.name = batch.symbols.intern(name)
        event.type = batch.symbols.intern(type)
        event.service = batch.processes[0].service
        event.user = user.map { batch.symbols.intern($0) }
        event.parent = parent
        event.transaction = transaction
        change(&event)
        batch.events.append(event)
        return id
    }

    /// A text as a symbol.
    mutating func symbol(_ text: String) -> Symbol { batch.symbols.intern(text) }

    /// Adds a task for each line of a drawing, under a parent.
    mutating func addTasks(_ drawing: String, named name: String = "user task", under parent: Identifier?) {
        for line in drawing.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            let user = parts[0].split(separator: " ").joined(separator: " ")
            addTask(Array(parts[1]), named: name, user: user, under: parent)
        }
    }

    private mutating func addTask(_ cells: [Character], named name: String, user: String, under parent: Identifier?) {
        guard let first = cells.firstIndex(where: { $0 != " " }), let last = cells.lastIndex(where: { $0 != " " })
        else { return }
        let task = add(
            .transaction, name, from: Int64(first) * step, to: Int64(last + 1) * step, under: parent, user: user
        ) { $0.outcome = cells[last] == "x" ? .failure : .success }
        var start = first
        while start <= last {
            var end = start
            while end <= last, cells[end] == cells[start] { end += 1 }
            let interval = (Int64(start) * step, Int64(end) * step)
            switch cells[start] {
            case "#", "x":
                add(.span, "SELECT FROM clusters", from: interval.0, to: interval.1, under: task, of: task)
            case "w":
                add(.span, "acquire", from: interval.0, to: interval.1, under: task, of: task, type: "wait")
            default: break
            }
            start = end
        }
    }

    /// The one run that was built.
    var analysis: TraceAnalysis { TraceAnalysis(Trace.all(of: batch)[0]) }

    /// A run whose tasks are drawn, under a root that lasts as long as the drawing.
    static func run(_ drawing: String, root name: String = "billing run") -> TraceAnalysis {
        var builder = RunBuilder()
        let root = builder.add(.transaction, name, from: 0, to: builder.length(of: drawing))
        builder.addTasks(drawing, under: root)
        return builder.analysis
    }

    /// µs to the end of the longest line.
    func length(of drawing: String) -> Int64 {
        let cells = drawing.split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0
        }
        return Int64(cells.max() ?? 0) * step
    }
}
