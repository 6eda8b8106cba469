import TraceCore

extension BrowserWaterfall {
    /// The lanes that are seen, at most `height` of them.
    mutating func laneRows(_ options: TerminalOptions, height: Int) -> [Canvas] {
        guard var lanes else { return [] }
        lanes.cursor.settle(count: lanes.lanes.count, height: height)
        self.lanes = lanes
        let end = min(lanes.lanes.count, lanes.cursor.top + height)
        return (lanes.cursor.top..<end).map { canvas(ofLane: $0, lanes, options) }
    }

    private func canvas(ofLane lane: Int, _ lanes: BrowserLanes, _ options: TerminalOptions) -> Canvas {
        let geometry = drawn.geometry
        var canvas = Canvas(width: options.width)
        let isSelected = lane == lanes.cursor.selected
        let members = lanes.lanes.members(in: lane)
        let task = isSelected ? outline.layout.row(Int(run.places[lanes.selectedEvent])) : nil
        if geometry.cells > 0 {
            drawLane(members, of: lanes, on: &canvas, options)
            if let task { draw(selected: task, lanes.stretches[lanes.member], on: &canvas, options) }
        }
        let name = SafeText(
            name: task?.label ?? "lane \(Prose.count(lane + 1))", columns: geometry.nameWidth, ascii: options.ascii)
        let style: Style = isSelected ? Style(isReversed: true) : .faint
        canvas.put(name, column: geometry.nameColumn, style)
        let held = members.reduce(Int64(0)) { $0 + lanes.stretches[$1].length }
        let total = SafeText(own: numbers(options).text(task?.total ?? held))
        canvas.put(total, column: geometry.end(of: 0) - total.width, style)
        return canvas
    }

    private func drawLane(
        _ members: ArraySlice<Int>, of lanes: BrowserLanes, on canvas: inout Canvas, _ options: TerminalOptions
    ) {
        var lane = DrawnLane()
        for member in members {
            let event = lanes.group.members[member].transaction
            lane.add(
                event, of: trace, held: lanes.lanes.stretches[member], states: lanes.states[member],
                shift: outline.clocks.shift(of: event), window: window)
        }
        LanePainter(options, scale: drawn.scale, showsWaits: showsWaits)
            .paint(lane, on: &canvas, row: 0, column: drawn.geometry.barColumn)
    }

    /// The task that is selected in its lane: in reverse, with its name where there is room for it.
    private func draw(
        selected task: WaterfallLayout.Row, _ stretch: Interval, on canvas: inout Canvas, _ options: TerminalOptions
    ) {
        guard stretch.start < window.end, stretch.end > window.start else { return }
        let first = drawn.scale.position(max(stretch.start, window.start), parts: 1)
        let last = max(first, drawn.scale.position(min(stretch.end, window.end) - 1, parts: 1))
        let style = Style(isReversed: true)
        let column = drawn.geometry.barColumn
        for cell in first...last { canvas.put(" ", column: column + cell, style) }
        let endsFailed = task.flags.contains(.failed) && stretch.end <= window.end
        let name = SafeText(name: task.label, columns: drawn.geometry.nameWidth, ascii: options.ascii)
        if name.width + (endsFailed ? 2 : 0) <= last - first + 1 { canvas.put(name, column: column + first, style) }
        if endsFailed {
            let failed = Style(foreground: .failed, isBold: true, isReversed: true)
            canvas.put(Signs(ascii: options.ascii).failed, column: column + last, failed)
        }
    }
}
