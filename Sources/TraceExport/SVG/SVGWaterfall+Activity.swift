import TraceCore

extension SVGWaterfall {
    /// Of the picture of how many run, or wait.
    private static let activityHeight = 34.0

    /// How many tasks of a group run and wait over time, and what that says of its slots; where what follows may begin.
    func writeActivity(of group: TaskGroup, at top: Double, to svg: inout XMLWriter) -> Double {
        var top = top
        if analysis.groups.count > 1 {
            let name = options.text(trace.symbols.text(group.name), columns: 40).text
            svg.element(
                "text", ["class": "wl-words wl-strong", "x": px(SVGGeometry.margin), "y": px(top + 13)], text: name)
            top += 20
        }
        let activity = GroupActivity(group, of: analysis, shift: outline.clocks.shift)
        let (running, waiting) = activity.series(on: fineScale)
        if running.peak > 0 {
            let most = max(running.peak, group.knownSlots ?? 0)
            write(running, called: "running", most: most, waits: false, at: top, to: &svg)
            writeSlots(of: group, full: activity.full, most: most, at: top, to: &svg)
            top += Self.activityHeight + 8
        }
        if waiting.peak > 0 {
            write(waiting, called: "waiting", most: waiting.peak, waits: true, at: top, to: &svg)
            top += Self.activityHeight + 8
        }
        return top
    }

    private func write(
        _ series: GroupActivity.Series, called name: String, most: Int, waits: Bool, at top: Double,
        to svg: inout XMLWriter
    ) {
        let bottom = top + Self.activityHeight
        svg.line(
            ["class": "wl-words wl-faint", "x": px(SVGGeometry.margin), "y": px(bottom - 4)],
            [(name, "wl-faint", 0), ("up to " + CountText.text(series.peak), "wl-small wl-faint", 8)])
        let path = steps(series.means, most: most, bottom: bottom, height: Self.activityHeight)
        if waits {
            svg.element("path", ["fill": "url(#\(options.prefix)-wait)", "d": path])
            svg.element("path", ["class": "wl-outline", "d": path])
        } else {
            svg.element("path", ["class": "wl-work", "d": path])
        }
        svg.element(
            "path", ["class": "wl-rule", "d": "M\(px(geometry.barStart)) \(px(bottom + 0.5))H\(px(geometry.barEnd))"])
    }

    /// The limit that shows in how many run.
    private func writeSlots(of group: TaskGroup, full: Share, most: Int, at top: Double, to svg: inout XMLWriter) {
        // Who runs by another setting says nothing of how full the slots were.
        guard group.kind == .slots, most > 0, analysis.settings.inference == .auto else { return }
        let y = top + Self.activityHeight * (1 - Double(group.slots) / Double(most))
        svg.element(
            "path", ["class": "wl-limit", "d": "M\(px(geometry.barStart)) \(px(y))H\(px(geometry.barEnd))"])
        let right = px(geometry.width - SVGGeometry.margin)
        svg.element(
            "text", ["class": "wl-words wl-strong", "x": right, "y": px(y + 5), "text-anchor": "end"],
            text: "slots " + CountText.text(group.slots))
        svg.element(
            "text", ["class": "wl-words wl-small wl-faint", "x": right, "y": px(y + 20), "text-anchor": "end"],
            text: "full \(full.text) of the makespan")
    }

    /// How many are open when, in steps of two px.
    var fineScale: TimeScale { TimeScale(outline.window, cells: Int(geometry.barWidth / 2)) }

    /// An area in steps of two px, as high as `height` where `most` are. What is not nothing is seen.
    func steps(_ values: [Int], most: Int, bottom: Double, height: Double) -> String {
        var path = ""
        var (last, isOpen) = (0, false)
        for (place, value) in (values + [0]).enumerated() where value != last {
            let x = geometry.barStart + Double(place) * 2
            let y = bottom - (value == 0 ? 0 : max(1, height * Double(value) / Double(max(1, most))))
            if !isOpen { path += "M\(px(x)) \(px(bottom))" } else { path += "H\(px(x))" }
            path += "V\(px(y))"
            if value == 0 { path += "Z" }
            (last, isOpen) = (value, value != 0)
        }
        return path
    }

    /// The times that the bars stand under.
    func writeAxis(at y: Double, to svg: inout XMLWriter) {
        for tick in ticks {
            let x = geometry.barStart + geometry.barWidth * Double(tick.offset) / Double(max(1, scale.length))
            let anchor = tick.offset == 0 ? "start" : tick.offset >= scale.length ? "end" : "middle"
            svg.element(
                "text", ["class": "wl-small wl-faint", "x": px(x), "y": px(y), "text-anchor": anchor], text: tick.text)
        }
    }

    /// What the numbers beside the bars are.
    func writeNumberTitles(at y: Double, to svg: inout XMLWriter) {
        for (end, name) in zip(geometry.numberEnds, ["total", "wait", "work"]) {
            svg.element(
                "text", ["class": "wl-small wl-faint", "x": px(end), "y": px(y), "text-anchor": "end"], text: name)
        }
    }

    /// Light lines under the times, behind everything.
    func writeGrid(from top: Double, to bottom: Double, _ svg: inout XMLWriter) {
        var path = ""
        for tick in ticks {
            let x = geometry.barStart + geometry.barWidth * Double(tick.offset) / Double(max(1, scale.length))
            path += "M\(px(x.rounded() + 0.5)) \(px(top))V\(px(bottom))"
        }
        svg.element("path", ["class": "wl-grid", "d": path])
    }

    /// The labels of the axis, counted from the run's start.
    private var ticks: [TimeScale.Tick] {
        // A label takes the room of whole columns.
        TimeScale(outline.window, cells: max(1, Int(geometry.barWidth / SVGGeometry.column)))
            .ticks(from: max(0, outline.window.start - outline.run.start), ascii: false)
    }
}
