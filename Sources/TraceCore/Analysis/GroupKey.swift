/// What the tasks of a group share.
struct GroupKey: Hashable {
    var parent: Identifier
    var service: Symbol
    var process: Int
    /// Nil where its transactions came without a name.
    var name: Symbol?

    /// The key of a transaction that may be in a group: sampled, and with a parent.
    private init?(_ index: Int, in trace: Trace) {
        guard trace.isSampledTransaction(index), let parent = trace.events[index].parent else { return nil }
        self.parent = parent
        service = trace.events[index].service
        process = trace.processIdentity(index)
        name = trace.events[index].name
    }

    /// The groups of a trace, by (earliest start, parent, service, name): at least two transactions each.
    static func groups(of trace: Trace) -> [(key: GroupKey, transactions: [Int])] {
        groupsUnordered(trace).sorted { left, right in
            let starts = (trace.events[left.transactions[0]].start, trace.events[right.transactions[0]].start)
            if starts.0 != starts.1 { return starts.0 < starts.1 }
            let (a, b) = (left.key, right.key)
            if a.parent != b.parent { return a.parent < b.parent }
            if a.service != b.service { return trace.symbols.precedes(a.service, b.service) }
            if a.name != b.name { return trace.symbols.precedes(ifAny: a.name, b.name) }
            return left.transactions[0] < right.transactions[0]
        }
    }

    private static func groupsUnordered(_ trace: Trace) -> [(key: GroupKey, transactions: [Int])] {
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
