import TraceCore

extension ChromeTraceWriter {
    /// The transactions of no group, by service, in as few lanes as there can be.
    mutating func ungrouped() -> [ChromeTraceLane] {
        let loose = trace.transactions.filter { analysis.place($0) == nil }
        return byService(loose).flatMap { service, transactions -> [ChromeTraceLane] in
            let packed = WorkLanes(packing: transactions.map(wholeInterval))
            let first = addLanes(packed.count)
            return (0..<packed.count).map { lane in
                ChromeTraceLane(
                    service: service, name: packed.count == 1 ? "transactions" : "transactions \(lane + 1)",
                    thread: first.thread + lane, sortIndex: first.sortIndex + lane * ChromeTraceStacks.most,
                    items: packed.members(in: lane).map { member in
                        let event = transactions[member]
                        return ChromeTraceLane.Item(event: event, interval: wholeInterval(event), releaser: nil)
                    })
            }
        }
    }

    /// The tasks of a group, in the lanes that they work in.
    mutating func lanes(ofGroup number: Int) -> [ChromeTraceLane] {
        let group = analysis.groups[number]
        let lanes = WorkLanes(group, of: analysis)
        let first = addLanes(lanes.count)
        let drawn = drawn(group, in: lanes)
        let isOnly = analysis.groups.count { $0.service == group.service } == 1
        let word = group.kind == .slots ? "slot" : "lane"
        let name = isOnly ? word : "\(label(ofGroup: number)) \(word)"
        return (0..<lanes.count).map { lane in
            let items = lanes.members(in: lane).map { member in
                var item = ChromeTraceLane.Item(
                    event: group.members[member].transaction, interval: drawn[member], releaser: nil)
                if let releaser = group.members[member].releaser, let to = drawn[member], let from = drawn[releaser],
                    !to.isEmpty, !from.isEmpty
                {
                    // In the last moment of the releaser, so that the arrow begins in it.
                    item.releaser = (first.thread + lanes.lanes[releaser], from.end - 1)
                }
                return item
            }
            return ChromeTraceLane(
                service: group.service, name: "\(name) \(lane + 1)", thread: first.thread + lane,
                sortIndex: first.sortIndex + lane * ChromeTraceStacks.most, items: items)
        }
    }

    /// By member, where it is drawn in its lane: from its admission, where it waited for one, else from its start, but
    /// not before the one that stood there has ended; nil where that leaves nothing of it.
    private func drawn(_ group: TaskGroup, in lanes: WorkLanes) -> [Interval?] {
        var drawn = [Interval?](repeating: nil, count: group.members.count)
        for lane in 0..<lanes.count {
            var end = Int64.min
            for number in lanes.members(in: lane) {
                let member = group.members[number]
                var interval = wholeInterval(member.transaction)
                let isWhole = interval.isEmpty
                if member.inferredWait != nil { interval.start = lanes.stretches[number].start }
                interval.start = max(interval.start, end)
                guard isWhole ? interval.start == interval.end : !interval.isEmpty else { continue }
                drawn[number] = interval
                end = interval.end
            }
        }
        return drawn
    }

    /// The spans that belong to no transaction, by service.
    mutating func ownerless() -> [ChromeTraceLane] {
        let spans = trace.events.indices.filter { trace.events[$0].kind == .span && trace.owners[$0] == nil }
        return byService(spans).map { service, spans in
            let first = addLanes(1)
            return ChromeTraceLane(
                service: service, name: "spans without a transaction", thread: first.thread, sortIndex: first.sortIndex,
                hasItems: false,
                items: spans.map { ChromeTraceLane.Item(event: $0, interval: nil, releaser: nil) })
        }
    }

    /// The name of a group, and which of those of this name it is in its service.
    func label(ofGroup number: Int) -> String {
        let group = analysis.groups[number]
        let name = texts.name(group.name)
        let before = analysis.groups[..<number].count { $0.service == group.service && texts.name($0.name) == name }
        return before == 0 ? name : "\(name) (\(before + 1))"
    }

    /// In the order of the services' numbers.
    private func byService(_ events: [Int]) -> [(service: Symbol, events: [Int])] {
        Dictionary(grouping: events) { trace.events[$0].service }
            .sorted { process($0.key) < process($1.key) }
            .map { ($0.key, $0.value) }
    }
}
