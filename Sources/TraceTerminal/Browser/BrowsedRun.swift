package import TraceCore

/// A run, laid out to be walked through: all that is worked out once. Making one takes a while for a large run, so it
/// is not made between two keys.
package struct BrowsedRun: Sendable {
    package let analysis: TraceAnalysis
    /// Whether it has no root yet and its events still come.
    package let isArriving: Bool
    let layout: WaterfallLayout
    /// The first line of the screen.
    let heading: [(text: SafeText, style: Style)]
    /// By event: whether it failed or has an error.
    let isFaulty: [Bool]
    /// The tasks on the critical chain of their group, as indices into the trace's events.
    let criticalTasks: Set<Int>
    /// Of the largest group; nil without one.
    let tasks: Tasks?
    /// By event: its place in the tree's rows.
    let places: [Int32]
    /// Columns that the wider names take, with their tree and marks.
    let nameWidth: Int
    /// How many levels of rows there are down to the tasks of the largest group; nil without one.
    let taskLevels: Int?
    /// µs: the longest of any row.
    let longest: Int64

    /// The tasks of a group, laid out.
    struct Tasks: Sendable {
        let group: TaskGroup
        /// How many run and wait.
        let activity: GroupActivity
        let lanes: WorkLanes
        let states: LaneStates

        init(_ group: TaskGroup, of analysis: TraceAnalysis) {
            self.group = group
            activity = GroupActivity(group, of: analysis)
            lanes = WorkLanes(group, of: analysis)
            states = LaneStates(group, in: lanes, of: analysis)
        }
    }

    /// `ascii` says that only ASCII is written.
    package init(_ analysis: TraceAnalysis, isArriving: Bool, ascii: Bool) {
        let trace = analysis.trace
        self.analysis = analysis
        self.isArriving = isArriving
        var layout = WaterfallLayout(analysis)
        layout.keepOrders()
        self.layout = layout
        let errors = ErrorPlaces(trace)
        isFaulty = trace.events.indices.map { trace.events[$0].outcome == .failure || !errors.errors(of: $0).isEmpty }
        criticalTasks = analysis.criticalTasks
        tasks = analysis.largestGroup.map { Tasks($0, of: analysis) }
        var places = [Int32](repeating: 0, count: trace.events.count)
        for (place, row) in layout.tree.rows.enumerated() { places[row.event] = Int32(truncatingIfNeeded: place) }
        self.places = places
        taskLevels = tasks?.group.members.first.map {
            layout.depth(ofPlace: Int(places[$0.transaction])) + 1
        }
        longest = trace.events.reduce(0) { max($0, $1.duration + $1.messageAge) }
        let equal = analysis.groups.map { group in
            let count = Prose.count(group.members.count).count + 3
            return count + SafeText(name: trace.symbols.text(group.name) ?? "", columns: 60, ascii: ascii).width
        }
        nameWidth = max(Self.nameWidth(layout, ascii: ascii), equal.max() ?? 0)
        heading = Self.heading(analysis, isArriving: isArriving, ascii: ascii)
    }

    /// The widest of so many names, evenly taken from all rows: of a large run not each is measured.
    private static func nameWidth(_ layout: WaterfallLayout, ascii: Bool) -> Int {
        let signs = Signs(ascii: ascii)
        let step = max(1, layout.count / 500)
        return stride(from: 0, to: layout.count, by: step).reduce(0) { widest, place in
            let row = layout.row(place)
            let name = WaterfallName(of: row, signs: signs, deepest: 8, hasBars: true, columns: 60)
            return max(widest, name.width)
        }
    }

    private static func heading(
        _ analysis: TraceAnalysis, isArriving: Bool, ascii: Bool
    ) -> [(text: SafeText, style: Style)] {
        let trace = analysis.trace
        let signs = Signs(ascii: ascii)
        func name(_ symbol: Symbol?) -> SafeText {
            SafeText(name: trace.symbols.text(symbol) ?? "(no name)", columns: 30, ascii: ascii)
        }
        func duration(_ duration: Int128) -> String { DurationText(fitting: duration, ascii: ascii).text(duration) }
        var parts: [(text: SafeText, style: Style)] = [
            (trace.namesake.map { name(trace.events[$0].name) } ?? SafeText(own: "(no transaction)"), .bold)
        ]
        func add(_ text: String, _ style: Style = .plain) { parts.append((SafeText(own: text), style)) }
        if isArriving { add("still arriving", .bold) }
        if let group = analysis.largestGroup {
            let totals = TaskTotals(group.members.lazy.map(\.transaction), of: analysis)
            parts.append(
                (SafeText(own: "\(Prose.count(group.members.count)) \(signs.times) ") + name(group.name), .plain))
            add("makespan " + duration(Int128(group.makespan)))
            let line = LineText.fact(group, ascii: ascii)
            add(line.word + " " + line.value)
            if totals.wait > 0 { add("wait " + duration(totals.wait), Style(foreground: .wait)) }
            if totals.failed > 0 { add("failed " + Prose.count(totals.failed), Style(foreground: .failed)) }
            if analysis.groups.count > 1 { add(Prose.count(analysis.groups.count) + " groups") }
        } else {
            add("makespan " + duration(Int128(trace.makespan)))
        }
        let id = SafeText(trace.id.text, ascii: ascii).truncated(to: 32, ascii: ascii)
        add("trace " + id.text.prefix(8), .faint)
        return parts
    }
}

extension WaterfallName {
    /// The name of a row, of an exemplar with which it is, of a fold of equal siblings with how many they are.
    init(
        of row: WaterfallLayout.Row, rank: WaterfallOutline.Fold.Rank? = nil, fold: WaterfallOutline.Fold? = nil,
        signs: Signs, deepest: Int, hasBars: Bool, columns: Int
    ) {
        let prefix = fold.map { Prose.count($0.count) + " " + signs.times } ?? rank?.rawValue
        let marks =
            fold.map { $0.failed > 0 ? [signs.failed + Prose.count($0.failed)] : [] }
            ?? row.flags.filter { $0 != .failed || !hasBars }.map(signs.mark) + (row.isMoved ? [signs.moved] : [])
        self.init(
            guides: Self.guides(row, signs: signs, deepest: deepest),
            prefix: prefix.map { $0 + " " } ?? "", name: fold?.label ?? row.label,
            marks: marks, columns: columns, ascii: signs.ascii)
    }
}
