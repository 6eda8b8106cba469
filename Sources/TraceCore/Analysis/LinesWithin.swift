/// A line within tasks: a pool of connections, say, that shows in when some spans of them began (source: "Lines within
/// tasks" of the definitions of wait and work).
package struct LineWithin: Sendable {
    /// What the spans of a class have in common.
    package struct SpanClass: Sendable, Hashable {
        package var type: Symbol
        /// The other parts of the type, where it was sent dotted.
        package var subtype: Symbol?
        package var action: Symbol?
        /// Nil where they came without a name.
        package var name: Symbol?

        init(_ span: borrowing Event) {
            type = span.type
            subtype = span.hasDottedType ? span.subtype : nil
            action = span.hasDottedType ? span.action : nil
            name = span.name
        }

        /// The type as it was sent.
        package func typeText(_ symbols: SymbolTable) -> String {
            [type, subtype, action].compactMap { symbols.text($0) }.joined(separator: ".")
        }

        /// Whether this goes before another by (type, name).
        func precedes(_ other: SpanClass, _ symbols: SymbolTable) -> Bool {
            let types = (typeText(symbols).utf8, other.typeText(symbols).utf8)
            if !types.0.elementsEqual(types.1) { return types.0.lexicographicallyPrecedes(types.1) }
            return name != other.name && symbols.precedes(ifAny: name, other.name)
        }
    }

    /// A span that waited before it began.
    package struct Wait: Sendable, Hashable {
        /// As events.
        package var span: Int
        package var task: Int
        package var interval: Interval
    }

    package var service: Symbol
    /// By (type, name).
    package var classes: [SpanClass]
    package var slots: Int
    /// In order of (start, id) of the spans.
    package var waits: [Wait]
    /// The summed waits, µs.
    package var waitTime: Int128

    /// How many spans waited.
    package var waited: Int { waits.count }
}

/// The lines within the tasks of a run.
struct LinesWithin {
    /// So many spans of a class are looked at.
    static let fewestSpans = 5

    /// By (service, process, first type, first name).
    private(set) var lines: [LineWithin] = []
    private let trace: Trace
    private let index: TaskSpansIndex

    /// `sampled` are the transactions looked at, and `waits` says where each waited in the line of its group.
    init(_ trace: Trace, sampled: [Int], index: TaskSpansIndex, waits: (Int) -> Interval?) {
        self.trace = trace
        self.index = index
        var collector = SpanClassCollector(trace, index)
        for task in sampled { collector.add(task, wait: waits(task)) }
        for process in collector.processes.sorted(by: { $0.precedes($1, in: trace) }) {
            lines += lines(of: process, collector.classes(of: process))
        }
    }

    /// The lines of one process, by (first type, first name).
    private func lines(of process: SpanClassCollector.Process, _ classes: [SpanClassCollector.Class]) -> [LineWithin] {
        // What is no longer than its gaps in all cannot count alone, nor is it looked at together with others.
        let classes = classes.filter {
            $0.members.count >= Self.fewestSpans && 100 * $0.gapTime >= process.durations
        }
        func counts(_ fit: LineFit) -> Bool { fit.showsSlots && 100 * fit.waited >= process.durations }
        let alone = classes.map { fit([$0]) }
        if classes.count >= 2 {
            let together = fit(classes)
            let cost = alone.reduce(UInt128(0)) { $0 + ($1.fit.cost ?? 0) }
            if counts(together.fit),
                !alone.contains(where: { counts($0.fit) }) || 2 * (together.fit.cost ?? 0) < cost
            {
                return [line(of: process, classes, together)]
            }
        }
        return zip(classes, alone).filter { counts($1.fit) }.map { line(of: process, [$0], $1) }
            .sorted { $0.classes[0].precedes($1.classes[0], trace.symbols) }
    }

    /// Fits the spans of some classes together.
    private func fit(_ classes: [SpanClassCollector.Class]) -> (members: [SpanClassCollector.Member], fit: LineFit) {
        var members = classes.count == 1 ? classes[0].members : classes.flatMap(\.members)
        let isSorted = zip(members, members.dropFirst()).allSatisfy { precedes($0, $1) }
        if !isSorted { members.sort { precedes($0, $1) } }
        return (
            members,
            LineFit(
                members.map { member in
                    let span = index.item(member.item).interval
                    return LineFit.Member(gap: Interval(start: member.gapStart, end: span.start), end: span.end)
                })
        )
    }

    /// By (start as clipped, id).
    private func precedes(_ left: SpanClassCollector.Member, _ right: SpanClassCollector.Member) -> Bool {
        let starts = (index.item(left.item).interval.start, index.item(right.item).interval.start)
        if starts.0 != starts.1 { return starts.0 < starts.1 }
        return trace.events[event(left)].id < trace.events[event(right)].id
    }

    private func event(_ member: SpanClassCollector.Member) -> Int { Int(index.events[Int(member.item)]) }

    private func line(
        of process: SpanClassCollector.Process, _ classes: [SpanClassCollector.Class],
        _ fitted: (members: [SpanClassCollector.Member], fit: LineFit)
    ) -> LineWithin {
        LineWithin(
            service: process.service, classes: classes.map(\.key).sorted { $0.precedes($1, trace.symbols) },
            slots: fitted.fit.slots,
            waits: zip(fitted.members, fitted.fit.waits).compactMap { member, wait in
                wait.map { LineWithin.Wait(span: event(member), task: Int(member.task), interval: $0) }
            },
            waitTime: fitted.fit.waited)
    }
}
