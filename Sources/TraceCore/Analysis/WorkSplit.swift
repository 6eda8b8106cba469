/// Where a task's work went: what kind of span was open.
package enum WorkKind: Sendable, Hashable {
    /// Spans whose `type` begins with this part: `db`, `external`, `app`.
    case spans(String)
    /// Spans of kinds that are too many to be told apart: all but the commonest of a run.
    case others
    /// The task's own code: nothing was open.
    case own
}

/// Finds the kinds of work of a run's tasks (`--breakdown`).
///
/// While a task works, each instant is shared equally among the kinds of which a leaf works; where nothing is open it
/// is the task's own. An instant can be shared by any number of kinds, so shares are counted in fractions of a µs, so
/// small that for up to sixteen kinds at once they are exact; what does not divide beyond that is dealt out, so that
/// the fractions of a task always make up its work exactly.
struct WorkSplitter {
    /// The least number that can be divided by all of 1 ... 16.
    static let fractions: Int128 = 720_720
    /// So many kinds of a run are told apart.
    static let most = 64

    private let analysis: TraceAnalysis
    /// The kinds of spans; the last is `.others` where there are more.
    let kinds: [WorkKind]
    /// By item of the spans index.
    private let types: [Int32]
    private var sweep = StateSweep()
    /// Of the task at hand, by kind.
    private var sums: [Int128]

    init(_ analysis: TraceAnalysis) {
        let trace = analysis.trace
        let events = analysis.spans.events
        var heads: [Symbol: Int] = [:]
        var names = SymbolTable()
        var counts = [0]
        let numbers = events.map { event -> Int in
            let type = trace.events[Int(event)].type
            if heads[type] == nil {
                let head = trace.symbols.withUTF8(type) { text in
                    let end = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
                    return names.intern(utf8: UnsafeBufferPointer(rebasing: text[..<end]))
                }
                heads[type] = Int(head.rawValue)
            }
            let number = heads[type] ?? 0
            if number >= counts.count { counts += repeatElement(0, count: number + 1 - counts.count) }
            counts[number] += 1
            return number
        }
        // The commonest first, so that the same are told apart whatever the order of events.
        let ranked = counts.indices.filter { counts[$0] > 0 }.sorted { left, right in
            counts[left] != counts[right]
                ? counts[left] > counts[right]
                : names.precedes(Symbol(rawValue: UInt32(left)), Symbol(rawValue: UInt32(right)))
        }
        var places = [Int32](repeating: Int32(Self.most), count: counts.count)
        for (place, number) in ranked.prefix(Self.most).enumerated() { places[number] = Int32(place) }
        kinds =
            ranked.prefix(Self.most).map { .spans(names[Symbol(rawValue: UInt32($0))]) }
            + (ranked.count > Self.most ? [.others] : [])
        types = numbers.map { places[$0] }
        sums = [Int128](repeating: 0, count: kinds.count)
        self.analysis = analysis
    }

    /// Tells the kinds of a sampled transaction's work and how much of each there is, in fractions of a µs.
    mutating func tell(_ event: Int, _ tell: (WorkKind, Int128) -> Void) {
        let spans = analysis.spans.spans(of: event)
        var (sums, own) = ([Int128](), Int128(0))
        swap(&sums, &self.sums)
        sweep.run(
            spans, types: types[analysis.spans.items(of: event)], waits: analysis.inferredWaits(event, spans)
        ) { state, open, interval in
            switch state {
            case .own: own += Int128(interval.length) * Self.fractions
            case .wait: break
            case .work:
                let whole = Int128(interval.length) * Self.fractions
                let (share, rest) = whole.quotientAndRemainder(dividingBy: Int128(open.count))
                for type in open { sums[Int(type)] += share }
                if rest > 0 { for type in open.sorted().prefix(Int(rest)) { sums[Int(type)] += 1 } }
            }
        }
        for (type, sum) in sums.enumerated() where sum > 0 {
            tell(kinds[type], sum)
            sums[type] = 0
        }
        if own > 0 { tell(.own, own) }
        swap(&sums, &self.sums)
    }
}

/// How the work of some tasks is split by kind.
package struct WorkSplit: Sendable, Hashable {
    package struct Part: Sendable, Hashable {
        package var kind: WorkKind
        /// µs.
        package var time: Int128
    }

    /// Most first, then by kind; own code comes last. Together they are the tasks' work, to the µs.
    package let parts: [Part]

    /// Of sums in fractions of a µs: all are cut to whole µs, and what is missing then goes to those that lost most.
    init(_ sums: [WorkKind: Int128]) {
        let size = WorkSplitter.fractions
        let ordered = sums.sorted { left, right in
            if (left.key == .own) != (right.key == .own) { return right.key == .own }
            return left.value != right.value ? left.value > right.value : left.key.text < right.key.text
        }
        var times = ordered.map { $0.value / size }
        let rests = ordered.map { $0.value % size }
        // Stable, so that of equals the first gets it.
        let byRest = rests.indices.sorted { rests[$0] != rests[$1] ? rests[$0] > rests[$1] : $0 < $1 }
        for place in byRest.prefix(Int(rests.reduce(0, +) / size)) { times[place] += 1 }
        parts = zip(ordered, times).map { Part(kind: $0.key, time: $1) }
    }

    /// Of some transactions of a run; those that were not sampled count nowhere.
    package init(_ transactions: some Sequence<Int>, of analysis: TraceAnalysis) {
        var splitter = WorkSplitter(analysis)
        var sums: [WorkKind: Int128] = [:]
        for event in transactions where analysis.breakdown(event) != nil {
            splitter.tell(event) { kind, sum in sums[kind, default: 0] += sum }
        }
        self.init(sums)
    }

    /// µs.
    package var total: Int128 { parts.reduce(0) { $0 + $1.time } }
}

extension WorkKind {
    /// By its name in output: the part of the type; `others` and `self` for what has none.
    package var text: String {
        switch self {
        case .spans(let part): part
        case .others: "others"
        case .own: "self"
        }
    }
}
