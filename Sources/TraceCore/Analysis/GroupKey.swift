/// What the tasks of a group share, whatever their process.
struct GroupKey: Hashable {
    var parent: Identifier
    var service: Symbol
    /// Nil where its transactions came without a name.
    var name: Symbol?

    /// The key of a transaction that may be in a group: sampled, and with a parent.
    private init?(_ index: Int, in trace: Trace) {
        guard trace.isSampledTransaction(index), let parent = trace.events[index].parent else { return nil }
        self.parent = parent
        service = trace.events[index].service
        name = trace.events[index].name
    }

    /// The transactions that share a key, as events in order of (start, id): at least two each. In no order that means
    /// anything.
    static func sharing(in trace: Trace) -> [(key: GroupKey, transactions: [Int])] {
        var position: [GroupKey: Int] = [:]
        var members: [(transaction: Int, group: Int)] = []
        var keys: [GroupKey] = []
        var counts: [Int] = []
        // Tasks of one group mostly come one after the other.
        var last: (key: GroupKey, group: Int)?
        for index in trace.events.indices {
            guard let key = GroupKey(index, in: trace) else { continue }
            if last?.key != key {
                let group = position[key] ?? counts.count
                if group == counts.count {
                    position[key] = group
                    keys.append(key)
                    counts.append(0)
                }
                last = (key, group)
            }
            guard let group = last?.group else { continue }
            members.append((index, group))
            counts[group] += 1
        }
        var groups = counts.map { count in
            var transactions: [Int] = []
            if count >= 2 { transactions.reserveCapacity(count) }
            return transactions
        }
        for (transaction, group) in members where counts[group] >= 2 { groups[group].append(transaction) }
        return zip(keys, groups).filter { !$0.1.isEmpty }
    }
}

extension TaskGroup {
    /// The groups of a trace, by (earliest start, parent, service, name, process).
    static func groups(of trace: Trace, index: TaskSpansIndex, inference: Inference) -> [TaskGroup] {
        GroupKey.sharing(in: trace).flatMap { key, transactions in
            GroupReading.readings(of: transactions, trace: trace, index: index).map { reading in
                TaskGroup(key: key, reading, index: index, inference: inference)
            }
        }.sorted { left, right in
            if left.window.start != right.window.start { return left.window.start < right.window.start }
            if left.parent != right.parent { return left.parent < right.parent }
            if left.service != right.service { return trace.symbols.precedes(left.service, right.service) }
            if left.name != right.name { return trace.symbols.precedes(ifAny: left.name, right.name) }
            let (first, second) = (left.members[0].transaction, right.members[0].transaction)
            return trace.process(first).precedes(trace.process(second), trace.symbols)
        }
    }
}
