import TraceCore

/// Draws the tasks of a lane one behind the other, so that each is told from the next.
struct LanePainter {
    private let options: TerminalOptions
    private let scale: TimeScale
    private let showsWaits: Bool
    private let signs: Signs

    init(_ options: TerminalOptions, scale: TimeScale, showsWaits: Bool = true) {
        self.options = options
        self.scale = scale
        self.showsWaits = showsWaits
        signs = Signs(ascii: options.ascii)
    }

    func paint(_ lane: DrawnLane, on canvas: inout Canvas, row: Int, column: Int) {
        let tasks = lane.tasks
        let stretches = showsWaits ? lane.stretches : lane.stretches.filter { $0.fill != .wait }
        let coverage = BarCoverage(stretches, on: scale)
        BarPainter(options).paint(coverage, ink: .work, isFailed: false, on: &canvas, row: row, column: column)
        for (task, next) in zip(tasks, tasks.dropFirst()) {
            let (end, start) = (scale.edge(task.interval.end, parts: 8), scale.edge(next.interval.start, parts: 8))
            // Where an eighth is free between them, they are apart already.
            guard end >= start, start > 0 else { continue }
            let cell = (start - 1) / 8
            let isWait = coverage.cells[cell].says == .wait
            canvas.put(signs.boundary, row: row, column: column + cell, Style(foreground: isWait ? .wait : .work))
        }
        for task in tasks where task.isFailed {
            let cell = max(scale.edge(task.interval.end, parts: 8) - 1, 0) / 8
            canvas.put(signs.failed, row: row, column: column + cell, Style(foreground: .failed, isBold: true))
        }
    }
}
