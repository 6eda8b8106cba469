import TraceCore

extension WaterfallGeometry {
    /// Where the columns of the browser stand: always one line a row, since few of them fit a small screen.
    ///
    /// Narrower than 80 columns, work is left out, then wait; below 40 the bars.
    init(browsing width: Int, widestName: Int, numberWidth: Int) {
        let numberWidth = max(5, numberWidth)
        self.width = width
        self.numberWidth = numberWidth
        let count = width < 60 ? 1 : width < 80 ? 2 : 3
        quantities = Array(Quantity.ofRows.prefix(count))
        let numbers = count * (numberWidth + 2)
        if width < 40 {
            (arrangement, cells, barColumn) = (.list, 0, nameColumn)
            nameWidth = max(1, width - nameColumn - numbers)
        } else {
            arrangement = .beside
            nameWidth = min(max(widestName, (width * 12 + 99) / 100), width * 30 / 100)
            barColumn = nameColumn + nameWidth + 1
            cells = max(1, width - barColumn - numbers)
        }
    }
}

/// What is worked out once for a width and a window, and drawn many times.
struct DrawnOnce: Sendable {
    private(set) var geometry = WaterfallGeometry(browsing: 80, widestName: 10, numberWidth: 5)
    private(set) var scale = TimeScale(Interval(start: 0, end: 1), cells: 1)
    private var window: Interval?
    /// How many tasks of the largest group run and wait, for each cell of the window, and of the whole run.
    private(set) var activity: (running: GroupActivity.Series, waiting: GroupActivity.Series)?
    private(set) var whole: GroupActivity.Series?
    /// By key of a fold.
    private var densities: [Int: (running: GroupActivity.Series, waiting: GroupActivity.Series)] = [:]

    /// Works it out anew where the width or the window is another one.
    /// `extent` is that of the run, `tasks` how many of its largest group run and wait.
    mutating func prepare(
        _ run: BrowsedRun, _ tasks: GroupActivity?, extent: Interval, window: Interval, width: Int,
        numbers: DurationText
    ) {
        if window == self.window, width == geometry.width { return }
        let hasOtherWidth = width != geometry.width || self.window == nil
        self.window = window
        geometry = WaterfallGeometry(
            browsing: width, widestName: run.nameWidth, numberWidth: numbers.text(run.longest).count)
        scale = TimeScale(window, cells: geometry.cells)
        densities = [:]
        guard geometry.cells > 0 else {
            (activity, whole) = (nil, nil)
            return
        }
        activity = tasks?.series(on: scale)
        if hasOtherWidth {
            whole = tasks?.series(on: TimeScale(extent, cells: geometry.cells)).running
        }
    }

    /// How many members of a fold work and wait, for each cell of the window.
    mutating func density(of fold: Int, in outline: WaterfallOutline) -> (
        running: GroupActivity.Series, waiting: GroupActivity.Series
    ) {
        let key = outline.folds[fold].key
        if let known = densities[key] { return known }
        let density = outline.density(ofFold: fold, on: scale)
        densities[key] = density
        return density
    }

    /// The time in the middle of the cell that a column of the screen is; nil where it is none of the bars'.
    func cell(atColumn column: Int) -> Int64? {
        let cell = column - geometry.barColumn
        guard cell >= 0, cell < geometry.cells else { return nil }
        return (scale.time(ofCell: cell) + scale.time(ofCell: cell + 1)) / 2
    }
}
