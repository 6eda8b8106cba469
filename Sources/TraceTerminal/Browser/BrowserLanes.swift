import TraceCore

/// The tasks of a run's largest group on as few lines as work at a time, as one walks through them.
struct BrowserLanes: Sendable {
    let group: TaskGroup
    let lanes: WorkLanes
    let states: LaneStates
    /// By member of the group: from when to when it is drawn.
    let stretches: [Interval]
    /// Which lane is selected.
    var cursor = ListCursor()
    /// Which member of the group is selected.
    private(set) var member: Int

    /// Selects the task of an event where it is one of the group, else the first; nil where there is no group.
    init?(_ run: BrowsedRun, _ clocks: ClockAlignment, selecting event: Int?) {
        guard let tasks = run.tasks, !tasks.group.members.isEmpty else { return nil }
        (group, lanes, states) = (tasks.group, tasks.lanes, tasks.states)
        stretches = zip(lanes.stretches, group.members).map { $0.moved(by: clocks.shift(of: $1.transaction)) }
        let task = event.flatMap { run.analysis.trace.owners[$0] }
        member = group.members.firstIndex { $0.transaction == task } ?? 0
        cursor.select(lanes.lanes[member])
    }

    /// The lanes of the run as it is by now.
    func renewed(_ run: BrowsedRun, _ clocks: ClockAlignment, selecting event: Int?) -> BrowserLanes? {
        guard var renewed = BrowserLanes(run, clocks, selecting: event) else { return nil }
        let row = renewed.cursor.selected
        renewed.cursor = cursor
        renewed.cursor.replace(by: row)
        return renewed
    }

    /// Selects another task, where it is one of the group.
    mutating func select(_ event: Int) {
        guard let place = group.members.firstIndex(where: { $0.transaction == event }) else { return }
        member = place
        cursor.select(lanes.lanes[place])
    }

    var selectedEvent: Int { group.members[member].transaction }

    /// Selects the task before or behind the selected one in its lane.
    mutating func step(forward: Bool) {
        let members = lanes.members(in: lanes.lanes[member])
        guard let place = members.firstIndex(of: member) else { return }
        let next = forward ? place + 1 : place - 1
        if members.indices.contains(next) { member = members[next] }
    }

    /// After another lane was selected: its task that stands nearest to the one that was.
    mutating func followCursor() {
        let lane = min(max(cursor.selected, 0), max(0, lanes.count - 1))
        guard lane != lanes.lanes[member] else { return }
        let middle = middle(of: member)
        select(nearest: middle, in: lane)
    }

    /// Selects the task of a lane that stands at a time, or nearest to it.
    mutating func select(nearest time: Int64, in lane: Int) {
        guard (0..<lanes.count).contains(lane) else { return }
        cursor.select(lane)
        func distance(_ member: Int) -> Int64 {
            let stretch = stretches[member]
            return time < stretch.start ? stretch.start - time : max(0, time - stretch.end)
        }
        member = lanes.members(in: lane).min { distance($0) < distance($1) } ?? member
    }

    private func middle(of member: Int) -> Int64 {
        stretches[member].start + stretches[member].length / 2
    }
}

extension BrowserWaterfall {
    /// Shows lanes instead of rows, or rows again with the task selected. What there is to say.
    mutating func showLanes() -> String? {
        if lanes != nil {
            leaveLanes()
            return nil
        }
        lanes = BrowserLanes(run, outline.clocks, selecting: selectedEvent)
        return lanes == nil ? "no lanes: the run has no group of tasks" : nil
    }

    private mutating func leaveLanes() {
        guard let event = lanes?.selectedEvent else { return }
        lanes = nil
        go(to: event)
    }

    /// Takes a key while lanes are shown. What there is to say, perhaps nothing; nil where the key means nothing here.
    mutating func takeInLanes(_ key: Key, top: Int, height: Int) -> String? {
        guard var lanes else { return nil }
        defer { if self.lanes != nil { self.lanes = lanes } }
        if case .click(let column, let row) = key {
            let lane = lanes.cursor.top + row - top
            if row >= top, row < top + height, let cell = drawn.cell(atColumn: column) {
                lanes.select(nearest: cell, in: lane)
            }
            return ""
        }
        if key != .text("n"), lanes.cursor.take(key, count: lanes.lanes.count, height: height) {
            lanes.followCursor()
            return ""
        }
        switch key {
        case .text("l"), .right: lanes.step(forward: true)
        case .text("h"), .left: lanes.step(forward: false)
        case .text("L"), .enter: leaveLanes()
        case .text("b"):
            guard let releaser = run.analysis.releaser(lanes.selectedEvent) else { return "no task released this one" }
            origins.append(lanes.selectedEvent)
            lanes.select(releaser)
        case .text("B"):
            guard let event = origins.popLast() else { return "b leads to a releaser, B back" }
            lanes.select(event)
        case .text("e"), .text("E"):
            let faulty = run.isFaulty
            return lanes.seek(forward: key == .text("e")) { faulty[$0] }
        case .text("W"), .text("V"):
            let analysis = run.analysis
            return lanes.seek(forward: key == .text("W")) { (analysis.breakdown($0)?.wait ?? 0) > 0 }
        case .text("n"), .text("N"):
            guard let searched else { return "nothing is searched for: / begins" }
            let trace = trace
            return lanes.seek(forward: key == .text("n")) { searched.matches($0, in: trace) }
        case .text("A"):
            // It makes the lanes anew.
            let said = alignClocks()
            if let aligned = self.lanes { lanes = aligned }
            return said
        default: takeTime(key)
        }
        return ""
    }
}

extension BrowserLanes {
    /// Selects the next task, in order of start, that `holds`, going round. What there is to say.
    fileprivate mutating func seek(forward: Bool, _ holds: (Int) -> Bool) -> String {
        let count = group.members.count
        for step in 1...count {
            let next = ((forward ? member + step : member - step) % count + count) % count
            guard holds(group.members[next].transaction) else { continue }
            member = next
            cursor.select(lanes.lanes[next])
            return ""
        }
        return "there is none"
    }
}
