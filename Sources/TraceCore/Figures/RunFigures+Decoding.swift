extension RunFigures {
    /// Reads encoded figures, or only some parts of them; nil where the bytes are none, or of another version.
    package init?(decoding bytes: UnsafeRawBufferPointer, parts: FigureParts = .all) {
        self.init()
        guard decode(bytes, parts: parts) else { return nil }
    }

    /// Puts encoded figures in the place of these, in the memory that these took. False where the bytes are none, or of
    /// another version; what these figures are then is of no account.
    ///
    /// What it lets through can be counted with: nothing in it leads outside its columns, no wait is longer than its
    /// task, and sums of two figures don't overflow.
    package mutating func decode(_ bytes: UnsafeRawBufferPointer, parts: FigureParts = .all) -> Bool {
        guard bytes.count > Self.sealSize, bytes[0] == Self.version else { return false }
        let body = UnsafeRawBufferPointer(rebasing: bytes[Self.sealSize...])
        let sum = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 1, as: UInt32.self))
        guard Self.checksum(body) == sum else { return false }
        do throws(FigureDamage) {
            try read(body, parts)
            return true
        } catch {
            return false
        }
    }

    private mutating func read(_ body: UnsafeRawBufferPointer, _ parts: FigureParts) throws(FigureDamage) {
        var reader = FigureReader(body)
        let marks = try readHead(from: &reader)
        let readsLines = marks.contains(.hasLines) && parts.contains(.states)
        let readsTexts = !parts.isDisjoint(with: .textual) || readsLines
        try texts.read(upTo: readsTexts ? .max : Int(max(name, service)) - 1, from: &reader)
        guard name <= texts.last, service <= texts.last else { throw FigureDamage() }
        if parts.isEmpty {
            labels.removeAll()
            if !groups.isEmpty { groups.removeAll(keepingCapacity: true) }
            lines = []
            tasks.resize(0)
            return
        }
        try readLabels(marks.contains(.hasLabels), parts, from: &reader)
        tasks.resize(try reader.number(upTo: reader.rest))
        lines = marks.contains(.hasLines) ? try readLines(isWanted: readsLines, from: &reader) : []
        try readGroups(from: &reader)
        if tasks.count > 0 { try readTasks(parts, from: &reader) }
        guard parts != .all || reader.rest == 0 else { throw FigureDamage() }
    }

    private mutating func readHead(from reader: inout FigureReader) throws(FigureDamage) -> Marks {
        let number = try reader.number()
        let marks = Marks(rawValue: number & (1 << Marks.inferenceShift - 1))
        guard let inference = Inference(code: number >> Marks.inferenceShift) else { throw FigureDamage() }
        self.inference = inference
        id = try reader.identifier()
        start = try reader.signed()
        guard FigureLimits.instants.contains(start) else { throw FigureDamage() }
        makespan = Int64(try reader.number(upTo: .max))
        hasRoot = marks.contains(.hasRoot)
        transactions = try reader.number(upTo: FigureLimits.count)
        spans = try reader.number(upTo: FigureLimits.count)
        errors = marks.contains(.hasErrors) ? try reader.number(upTo: FigureLimits.count) : 0
        unsampled = marks.contains(.hasUnsampled) ? try reader.number(upTo: FigureLimits.count) : 0
        name = UInt32(try reader.number(upTo: FigureLimits.symbol))
        service = UInt32(try reader.number(upTo: FigureLimits.symbol))
        largestGroup = marks.contains(.hasGroups) ? try RunSummary.Group(from: &reader) : nil
        return marks
    }

    private mutating func readLabels(
        _ areThere: Bool, _ parts: FigureParts, from reader: inout FigureReader
    ) throws(FigureDamage) {
        labels.removeAll()
        rootLabels = 0
        guard areThere else { return }
        let count = try labels.read(isWanted: parts.contains(.labels), texts: texts.last, from: &reader)
        rootLabels = UInt32(try reader.number(upTo: count))
    }

    /// Starts, read as each task's distance from the one before it, made points in time, and delays from them. Refuses
    /// tasks whose wait is more than their total, or whose own code is more than their work.
    private mutating func readTimes() throws(FigureDamage) {
        let count = tasks.count
        var time = start
        var isWhole = true
        tasks.times.withUnsafeMutableBufferPointer { values in
            func place(_ column: TaskColumns.Time) -> Int { column.rawValue * count }
            let (duration, own, start, delay) = (place(.duration), place(.own), place(.start), place(.delay))
            let (spanWait, inferredWait, lineWait) = (place(.spanWait), place(.inferredWait), place(.lineWait))
            for task in 0..<count {
                let known = values[spanWait + task] + values[inferredWait + task] + values[own + task]
                let (next, isTooLate) = time.addingReportingOverflow(values[start + task])
                isWhole =
                    isWhole && known <= values[duration + task] && !isTooLate
                    && values[lineWait + task] <= values[inferredWait + task]
                time = next
                values[start + task] = next
                values[delay + task] = 0
            }
        }
        guard isWhole, time < FigureLimits.instants.upperBound else { throw FigureDamage() }
        for task in 0..<(hasGroups ? count : 0) {
            guard let group = group(task), let from = groups[group].delaysFrom else { continue }
            guard tasks[.start, task] >= from else { throw FigureDamage() }
            tasks[.delay, task] = tasks[.start, task] - from
        }
    }

    private func readLines(
        isWanted: Bool, from reader: inout FigureReader
    ) throws(FigureDamage) -> [Line] {
        var lines: [Line] = []
        for _ in 0..<(try reader.number(upTo: reader.rest)) {
            var line = Line(slots: try reader.number(upTo: FigureLimits.count), names: [])
            for _ in 0..<(try reader.number(upTo: reader.rest)) {
                line.names.append(UInt32(try reader.number(upTo: isWanted ? Int(texts.last) : FigureLimits.symbol)))
            }
            lines.append(line)
        }
        return isWanted ? lines : []
    }

    private mutating func readGroups(from reader: inout FigureReader) throws(FigureDamage) {
        if !groups.isEmpty { groups.removeAll(keepingCapacity: true) }
        guard hasGroups, tasks.count > 0 else { return }
        let count = try reader.number(upTo: tasks.count)
        let slots = try reader.column(count)
        let explained = try reader.column(count)
        let withoutWork = try reader.column(count)
        let origins = try reader.column(count)
        for group in 0..<count {
            guard slots[group] >> 2 <= UInt64(FigureLimits.count), let origin = Int64(exactly: origins[group]),
                explained[group] <= UInt64(Share.greatestCode + 1), withoutWork[group] <= UInt64(tasks.count)
            else { throw FigureDamage() }
            let (from, isTooLate) = start.addingReportingOverflow(origin - 1)
            guard origin == 0 || !isTooLate && from < FigureLimits.instants.upperBound else { throw FigureDamage() }
            let share = Int(explained[group])
            groups.append(
                Group(
                    slots: Int(slots[group] >> 2), kind: LineKind?(code: Int(slots[group] & 3)),
                    explained: share == 0 ? nil : Share(code: share - 1),
                    withoutWork: Int(withoutWork[group]), delaysFrom: origin == 0 ? nil : from))
        }
        for group in groups.indices { try groups[group].readKind(from: &reader) }
    }

    private mutating func readTasks(_ parts: FigureParts, from reader: inout FigureReader) throws(FigureDamage) {
        let states = parts.contains(.states)
        let (texts, sets, time) = (UInt64(texts.last), UInt64(labels.last), FigureLimits.time)
        var columns = try ColumnReader(reader, tasks.count)
        try tasks.numbers.withUnsafeMutableBufferPointer { values throws(FigureDamage) in
            try columns.read(states, .isTask, of: values, upTo: 1)
            try columns.read(parts.contains(.users), .user, of: values, upTo: texts)
            try columns.read(parts.contains(.names), .name, of: values, upTo: texts)
            try columns.read(parts.contains(.services), .service, of: values, upTo: texts)
            try columns.read(states, .outcome, of: values, upTo: UInt64(Event.Outcome.failure.rawValue))
            try columns.read(parts.contains(.versions), .version, of: values, upTo: texts)
            try columns.read(states, .isIncomplete, of: values, upTo: 1)
            try columns.read(parts.contains(.labels), .ownLabels, of: values, upTo: sets)
            try columns.read(parts.contains(.labels), .sentLabels, of: values, upTo: sets)
            try columns.read(states, .group, of: values, upTo: UInt64(groups.count))
            try columns.read(parts.contains(.identities), .releaser, of: values, upTo: UInt64(tasks.count))
        }
        try tasks.times.withUnsafeMutableBufferPointer { values throws(FigureDamage) in
            try columns.read(states, .duration, of: values, upTo: time)
            try columns.read(states, .own, of: values, upTo: time)
            try columns.read(states, .start, of: values, upTo: UInt64(Int64.max))
            try columns.read(states, .queued, of: values, upTo: time)
            try columns.read(states, .spanWait, of: values, upTo: time)
            try columns.read(states, .inferredWait, of: values, upTo: time)
            try columns.read(states, .lineWait, of: values, upTo: time)
        }
        if states { try readTimes() }
        if parts.contains(.identities) { try columns.reader.identifiers(tasks.count, into: &tasks.ids) }
        reader = columns.reader
    }
}

/// What the figures of a run that came through the intake stay below.
private enum FigureLimits {
    /// Things that are counted.
    static let count = 1 << 40
    /// Texts that can be told apart.
    static let symbol = Int(UInt32.max)
    /// Durations and waits, µs: a wait of all three kinds can be summed.
    static let time: UInt64 = 1 << 60
    /// Points in time at which something begins, those of spans that came with an offset from their transaction among
    /// them. The difference of two and a duration can be summed.
    static let instants: Range<Int64> =
        2 * Microseconds.instants.lowerBound..<Microseconds.instants.upperBound + Microseconds.tenYears + 1
}

/// Reads columns that most often are nothing but zeros, one after the other.
private struct ColumnReader {
    var reader: FigureReader
    private let count: Int
    private var present: UInt64

    init(_ reader: FigureReader, _ count: Int) throws(FigureDamage) {
        self.reader = reader
        self.count = count
        present = try self.reader.number()
    }

    /// Reads the next column, in which no value is greater than `limit`, to its place in `values`.
    @inline(__always)
    mutating func read(
        _ isWanted: Bool, _ column: TaskColumns.Number, of values: UnsafeMutableBufferPointer<UInt32>,
        upTo limit: UInt64
    ) throws(FigureDamage) {
        try read(isWanted, at: column.rawValue * count, of: values, upTo: limit)
    }

    @inline(__always)
    mutating func read(
        _ isWanted: Bool, _ column: TaskColumns.Time, of values: UnsafeMutableBufferPointer<Int64>, upTo limit: UInt64
    ) throws(FigureDamage) {
        try read(isWanted, at: column.rawValue * count, of: values, upTo: limit)
    }

    /// Of a single task there is nothing to unpack.
    private mutating func read<Value: FixedWidthInteger>(
        _ isWanted: Bool, at place: Int, of values: UnsafeMutableBufferPointer<Value>, upTo limit: UInt64
    ) throws(FigureDamage) {
        let isPresent = present & 1 != 0
        present >>= 1
        if count == 1 {
            let value = isPresent ? try reader.number() : 0
            guard value <= limit || !isWanted else { throw FigureDamage() }
            values[place] = isWanted ? Value(truncatingIfNeeded: value) : 0
            return
        }
        let packed = isPresent ? try reader.column(count) : PackedColumn(constant: 0)
        let values = UnsafeMutableBufferPointer(rebasing: values[place..<place + count])
        guard isWanted, isPresent else { return values.update(repeating: 0) }
        guard packed.read(into: values) <= limit else { throw FigureDamage() }
    }
}

extension RunSummary.Group {
    fileprivate init(from reader: inout FigureReader) throws(FigureDamage) {
        let tasks = try reader.number(upTo: FigureLimits.count)
        let failed = try reader.number(upTo: tasks)
        let slots = try reader.number(upTo: FigureLimits.count)
        let kind = LineKind?(code: slots & 3)
        let share = try reader.number(upTo: Share.greatestCode)
        self.init(
            tasks: tasks, failed: failed, slots: kind == .rate || kind == .handover ? nil : slots >> 2, kind: kind,
            waitShare: Share(code: share))
    }
}

extension RunFigures.Group {
    /// What is written of lines that are seen.
    fileprivate mutating func readKind(from reader: inout FigureReader) throws(FigureDamage) {
        switch kind {
        case .rate:
            rate = Int64(try reader.number(upTo: Int(FigureLimits.time)))
        case .slots:
            toldLag = try reader.signed()
            guard toldLag.magnitude <= FigureLimits.time else { throw FigureDamage() }
        case .handover:
            let low = try reader.number(upTo: FigureLimits.count)
            let high = try reader.number(upTo: FigureLimits.count)
            guard low <= high else { throw FigureDamage() }
            working = low...high
        case nil: return
        }
        processes = try reader.number(upTo: FigureLimits.count)
    }
}

extension LineKind? {
    fileprivate init(code: Int) { self = [nil, .slots, .rate, .handover][code & 3] }
}

extension Inference {
    fileprivate init?(code: UInt64) {
        guard let inference = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = inference
    }
}
