/// Tasks that may have stood in one line, and how their line was read (source: "The inferred wait" and "Which reading,
/// and which tasks").
struct GroupReading {
    /// As events, in order of (start, id).
    let transactions: [Int]
    /// The gap of each.
    let gaps: [Interval]
    let reading: TaskGroup.Reading
    let fit: LineFit
    /// How many processes they are of.
    let processes: Int
    let scope: TaskGroup.Scope

    /// The groups of transactions that share a parent, a service and a name: one for each process with at least two of
    /// them, or one of all, where together they show a line that the processes apart do not.
    static func readings(of transactions: [Int], trace: Trace, index: TaskSpansIndex) -> [GroupReading] {
        let gaps = Gaps(transactions, index: index)
        var places: [Int: [Int]] = [:]
        for (place, transaction) in transactions.enumerated() {
            places[trace.processIdentity(transaction), default: []].append(place)
        }
        let apart = places.values.filter { $0.count >= 2 }.map { GroupReading(gaps, of: $0, processes: 1, .process) }
        guard places.count > 1 else { return apart }
        let together = GroupReading(
            gaps, of: Array(transactions.indices), processes: places.count, .service)
        let costApart = apart.reduce(UInt128(0)) { $0 + ($1.fit.cost ?? 0) }
        let isOne =
            apart.allSatisfy { $0.fit.kind == nil }
            || together.fit.showsSlots && 2 * (together.fit.cost ?? 0) < costApart
        return isOne ? [together] : apart
    }

    /// Reads some of the tasks twice, and takes the reading that explains more.
    private init(_ all: Gaps, of places: [Int], processes: Int, _ scope: TaskGroup.Scope) {
        let tasks = places.map { all.tasks[$0] }
        let (leading, longest) = (places.map { all.leading[$0] }, places.map { all.longest[$0] })
        let enders = HeldLine.order(tasks.indices) { tasks[$0].end }
        func fit(_ gaps: [Interval]) -> LineFit {
            LineFit(zip(tasks, gaps).map { LineFit.Member(gap: $1, end: $0.end) }, enders: enders)
        }
        let (atStart, later) = (fit(leading), fit(longest))
        let takesLater = Self.prefers(later, to: atStart, durations: tasks.reduce(0) { $0 + Int128($1.length) })
        transactions = places.map { all.transactions[$0] }
        gaps = takesLater ? longest : leading
        reading = takesLater ? .later : .start
        self.fit = takesLater ? later : atStart
        self.processes = processes
        self.scope = scope
    }

    /// The later reading is taken where it sees a line and explains more than a tenth more, and at least a hundredth of
    /// the durations.
    private static func prefers(_ later: LineFit, to atStart: LineFit, durations: Int128) -> Bool {
        guard later.kind != nil else { return false }
        let explained = atStart.kind == nil ? 0 : atStart.waited
        return 10 * later.waited > 11 * explained && 100 * later.waited >= durations
    }

    /// The stretches in which tasks may have stood in line.
    private struct Gaps {
        let transactions: [Int]
        var tasks: [Interval] = []
        /// Before the first work: reading A.
        var leading: [Interval] = []
        /// The longest in which nothing is open: reading B.
        var longest: [Interval] = []

        init(_ transactions: [Int], index: TaskSpansIndex) {
            self.transactions = transactions
            tasks.reserveCapacity(transactions.count)
            leading.reserveCapacity(transactions.count)
            longest.reserveCapacity(transactions.count)
            for transaction in transactions {
                let spans = index.spans(of: transaction)
                tasks.append(spans.task)
                leading.append(spans.leadingGap)
                longest.append(spans.longestGap)
            }
        }
    }
}
