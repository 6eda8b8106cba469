import TraceCore

/// Small bars of wait against work in the rows of a report: of the mean task of each group, all on one scale.
struct ReportBars {
    private let groups: ArraySlice<TaskReport.Group>
    private let options: TerminalOptions
    private let isMean: Bool

    init(_ groups: ArraySlice<TaskReport.Group>, options: TerminalOptions) {
        self.groups = groups
        self.options = options
        isMean = groups.contains { $0.statistics.tasks > 1 }
    }

    private static let leastCells = 20
    private static let mostCells = 40

    /// The rows of a table, each with its bar at the end where there is room.
    func canvases(_ table: Table) -> [Canvas] {
        guard groups.contains(where: { $0.statistics.total.max > 0 }) else { return table.canvases() }
        var table = table
        let cells = max(Self.leastCells, min(Self.mostCells, options.width - table.naturalWidth - 2))
        let signs = Signs(ascii: options.ascii)
        let legend = "\(signs.full(.wait)) wait \(signs.full(.work)) work" + (isMean ? ", mean" : "")
        let title = legend.padding(to: cells)
        let column = Table.Column(title: SafeText(own: title), isRightAligned: false, rank: 30)
        table.appendColumn(column, groups.map { _ in Table.Entry(text: SafeText(own: "")) })
        var canvases = table.canvases()
        guard let start = table.start(ofColumn: table.columns.count - 1) else { return canvases }
        let longest = groups.map { $0.statistics.wait.mean + $0.statistics.work.mean }.max() ?? 0
        let scale = TimeScale(Interval(start: 0, end: longest), cells: cells)
        let painter = BarPainter(options)
        for (place, group) in zip(canvases.count - groups.count..<canvases.count, groups) {
            let (wait, work) = (group.statistics.wait.mean, group.statistics.work.mean)
            let stretches = [
                BarStretch(.wait, Interval(start: 0, end: wait)),
                BarStretch(.work, Interval(start: wait, end: wait + work)),
            ].filter { $0.interval.length > 0 }
            painter.paint(
                BarCoverage(stretches, on: scale), ink: .work, isFailed: false, on: &canvases[place], row: 0,
                column: start)
        }
        return canvases
    }
}

extension String {
    /// With blanks behind it, to a number of characters.
    fileprivate func padding(to count: Int) -> String {
        self + String(repeating: " ", count: max(0, count - self.count))
    }
}
