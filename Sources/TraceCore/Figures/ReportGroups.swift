/// The groups of a report, numbered as they come, and how many tasks each has.
struct ReportGroups: Sendable {
    private let dimensions: [ReportDimension]
    private var symbols = SymbolTable()
    /// By dimension: the combinations of keys up to it. Those of the last are the groups.
    private var combinations: [KeyCombinations]
    /// By group.
    private(set) var tasks: [Int] = []
    private(set) var failed: [Int] = []
    private(set) var incomplete: [Int] = []

    /// By number of a text of the run at hand: its key, as far as it was asked for.
    private var known: [UInt32] = []
    /// By task at hand: its key in one dimension.
    private var keys: [UInt32] = []

    /// No key, since symbols end before.
    private static let unknown = UInt32.max
    /// By raw value of an outcome: its key, 0 as long as none was asked for.
    private var outcomes = [UInt32](repeating: 0, count: Event.Outcome.allCases.count)

    init(by dimensions: [ReportDimension]) {
        self.dimensions = dimensions
        combinations = dimensions.map { _ in KeyCombinations() }
    }

    /// Counts some tasks of a run; `groups` becomes the group of each.
    mutating func add(_ chosen: [UInt32], of figures: RunFigures, groups: inout [UInt32]) {
        groups.resize(chosen.count)
        for place in groups.indices { groups[place] = 0 }
        known.resize(0)
        for (place, dimension) in dimensions.enumerated() {
            readKeys(dimension, chosen, figures)
            combinations[place].extend(&groups, by: keys)
        }
        let more = (combinations.last?.count ?? 1) - tasks.count
        if more > 0 {
            tasks.append(contentsOf: repeatElement(0, count: more))
            failed.append(contentsOf: repeatElement(0, count: more))
            incomplete.append(contentsOf: repeatElement(0, count: more))
        }
        tasks.count(chosen, groups) { _ in 1 }
        failed.count(chosen, groups) { figures.tasks[.outcome, $0] == Event.Outcome.failure.rawValue ? 1 : 0 }
        incomplete.count(chosen, groups) { Int(figures.tasks[.isIncomplete, $0]) }
    }

    /// The keys of all groups.
    var groupKeys: GroupKeys {
        var keys = [UInt32](repeating: 0, count: tasks.count * dimensions.count)
        for group in tasks.indices {
            var combination = group
            for place in dimensions.indices.reversed() {
                keys[group * dimensions.count + place] = combinations[place].keys[combination]
                combination = Int(combinations[place].prefixes[combination])
            }
        }
        return GroupKeys(symbols: symbols, width: dimensions.count, keys: keys)
    }

    /// Reads the key of each task in a dimension.
    private mutating func readKeys(_ dimension: ReportDimension, _ chosen: [UInt32], _ figures: RunFigures) {
        let tasks = figures.tasks
        keys.resize(chosen.count)
        switch dimension {
        case .user: readKeys(chosen, figures.texts) { tasks[.user, $0] }
        case .name: readKeys(chosen, figures.texts) { tasks[.name, $0] }
        case .service: readKeys(chosen, figures.texts) { tasks[.service, $0] }
        case .version: readKeys(chosen, figures.texts) { tasks[.version, $0] }
        case .label(let key):
            let lookup = LabelLookup(key, in: figures)
            readKeys(chosen, figures.texts) { lookup?[$0] ?? 0 }
        case .outcome:
            for (place, task) in chosen.enumerated() {
                keys[place] = outcomeKey(tasks[.outcome, Int(task)])
            }
        case .run:
            let key = symbols.intern(figures.id.text).rawValue + 1
            for place in keys.indices { keys[place] = key }
        }
    }

    /// Reads keys that are texts of the run, of which `number` tells the number by task.
    @inline(__always)
    private mutating func readKeys(_ chosen: [UInt32], _ texts: FigureTexts, _ number: (Int) -> UInt32) {
        if known.isEmpty {
            known.append(0)
            known.append(contentsOf: repeatElement(Self.unknown, count: Int(texts.last)))
        }
        for place in chosen.indices {
            let number = Int(number(Int(chosen[place])))
            if known[number] == Self.unknown {
                known[number] = texts.withUTF8(UInt32(number)) { symbols.intern(utf8: $0).rawValue + 1 }
            }
            keys[place] = known[number]
        }
    }

    private mutating func outcomeKey(_ outcome: UInt32) -> UInt32 {
        let known = outcomes[Int(outcome)]
        if known > 0 { return known }
        let text = Event.Outcome.allCases.first { $0.rawValue == outcome }?.text
        outcomes[Int(outcome)] = symbols.intern(text ?? "").rawValue + 1
        return outcomes[Int(outcome)]
    }
}

extension [Int] {
    /// Adds what `amount` says of each task to its group's place.
    @inline(__always)
    fileprivate mutating func count(_ chosen: [UInt32], _ groups: [UInt32], _ amount: (Int) -> Int) {
        withUnsafeMutableBufferPointer { counts in
            for (task, group) in zip(chosen, groups) { counts[Int(group)] += amount(Int(task)) }
        }
    }
}

/// The keys of a report's groups: 0 for none, else one more than a symbol.
struct GroupKeys {
    fileprivate let symbols: SymbolTable
    fileprivate let width: Int
    fileprivate let keys: [UInt32]

    /// The key of a group, one for each dimension.
    subscript(_ group: Int) -> [String?] {
        keys[group * width..<(group + 1) * width].map { key in
            key == 0 ? nil : symbols[Symbol(rawValue: key - 1)]
        }
    }

    /// Whether one group's key goes before another's: dimension by dimension as bytes, none last.
    func precedes(_ left: Int, _ right: Int) -> Bool {
        for place in 0..<width {
            let (a, b) = (keys[left * width + place], keys[right * width + place])
            if a == b { continue }
            if a == 0 || b == 0 { return b == 0 }
            return symbols.precedes(Symbol(rawValue: a - 1), Symbol(rawValue: b - 1))
        }
        return false
    }
}

/// Numbers pairs of what came before and a key, in order of first use.
private struct KeyCombinations {
    /// By number: what came before.
    private(set) var prefixes: [UInt32] = []
    /// By number.
    private(set) var keys: [UInt32] = []
    /// Open addressing: 0 is free, else number + 1.
    private var slots = [UInt32](repeating: 0, count: 64)
    /// Differs from run to run of the program, so that nobody can send keys that all fall into one slot.
    private let seed = UInt64.random(in: .min ... .max)

    var count: Int { keys.count }

    /// Makes each prefix the number of itself and a key.
    mutating func extend(_ prefixes: inout [UInt32], by keys: [UInt32]) {
        for place in prefixes.indices { prefixes[place] = number(prefixes[place], keys[place]) }
    }

    private mutating func number(_ prefix: UInt32, _ key: UInt32) -> UInt32 {
        var slot = slot(prefix, key)
        while slots[slot] != 0 {
            let number = Int(slots[slot] - 1)
            if keys[number] == key, prefixes[number] == prefix { return UInt32(truncatingIfNeeded: number) }
            slot = (slot + 1) & (slots.count - 1)
        }
        precondition(keys.count < Int(UInt32.max) - 1, "more groups than can be numbered")
        prefixes.append(prefix)
        keys.append(key)
        slots[slot] = UInt32(keys.count)
        if keys.count * 2 > slots.count { grow() }
        return UInt32(keys.count - 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for number in keys.indices {
            var slot = slot(prefixes[number], keys[number])
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(number + 1)
        }
    }

    private func slot(_ prefix: UInt32, _ key: UInt32) -> Int {
        let product = (seed ^ (UInt64(prefix) << 32 | UInt64(key))).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: product.high ^ product.low) & (slots.count - 1)
    }
}
