extension RunFigures {
    /// The first byte of encoded figures. It changes with whatever changes the bytes or what they mean, also with how
    /// wait and work are told apart: figures of another version are none.
    package static let version: UInt8 = 3
    /// The version and the checksum.
    static let sealSize = 5

    /// The figures in a form to be kept. They are read again as they are, as long as their times are what the intake
    /// lets through.
    ///
    ///     version | checksum | the run | texts | label sets | how many tasks | lines | groups | columns | releasers | ids
    package func encoded() -> [UInt8] {
        var writer = FigureWriter()
        writeHead(to: &writer)
        texts.write(to: &writer)
        labels.write(to: &writer)
        writeTasks(to: &writer)
        return Self.sealed(writer.bytes)
    }

    /// Which parts follow in the head, by bit.
    struct Marks: OptionSet {
        let rawValue: UInt64

        static let hasRoot = Marks(rawValue: 1)
        static let hasGroups = Marks(rawValue: 2)
        static let hasErrors = Marks(rawValue: 4)
        static let hasUnsampled = Marks(rawValue: 8)
        static let hasLabels = Marks(rawValue: 16)
        static let hasLines = Marks(rawValue: 32)
        /// From this bit on stands the inference.
        static let inferenceShift: UInt64 = 6
    }

    private func writeHead(to writer: inout FigureWriter) {
        var marks: Marks = []
        if hasRoot { marks.insert(.hasRoot) }
        if largestGroup != nil { marks.insert(.hasGroups) }
        if errors > 0 { marks.insert(.hasErrors) }
        if unsampled > 0 { marks.insert(.hasUnsampled) }
        if labels.last > 0 { marks.insert(.hasLabels) }
        if !lines.isEmpty { marks.insert(.hasLines) }
        writer.number(marks.rawValue | inference.code << Marks.inferenceShift)
        writer.identifier(id)
        writer.signed(start)
        writer.number(UInt64(makespan))
        writer.number(transactions)
        writer.number(spans)
        if errors > 0 { writer.number(errors) }
        if unsampled > 0 { writer.number(unsampled) }
        writer.number(Int(name))
        writer.number(Int(service))
        if let largestGroup {
            writer.number(largestGroup.tasks)
            writer.number(largestGroup.failed)
            writer.number((largestGroup.slots ?? 0) << 2 | largestGroup.kind.code)
            writer.number(largestGroup.waitShare.code)
        }
    }

    private func writeTasks(to writer: inout FigureWriter) {
        if labels.last > 0 { writer.number(Int(rootLabels)) }
        writer.number(tasks.count)
        if !lines.isEmpty { writeLines(to: &writer) }
        guard tasks.count > 0 else { return }
        if hasGroups {
            writer.number(groups.count)
            writer.column(groups.map { $0.slots << 2 | $0.kind.code })
            writer.column(groups.map { group in group.explained.map { $0.code + 1 } ?? 0 })
            writer.column(groups.map(\.withoutWork))
            writer.column(groups.map { group in group.delaysFrom.map { $0 - start + 1 } ?? 0 })
            for group in groups {
                // What is seen nowhere else than in lines of these kinds.
                if group.kind == .rate { writer.number(UInt64(group.rate)) }
                if group.kind == .slots { writer.signed(group.toldLag) }
                if group.kind == .handover {
                    writer.number(group.working.lowerBound)
                    writer.number(group.working.upperBound)
                }
                if group.kind != nil { writer.number(group.processes) }
            }
        }
        // Delays are not written: they follow from starts and groups.
        let times: [TaskColumns.Time] = [.duration, .own, .start, .queued, .spanWait, .inferredWait, .lineWait]
        writer.columns(
            TaskColumns.Number.allCases.map { column in (0..<tasks.count).map { UInt64(tasks[column, $0]) } }
                + times.map { column in
                    (0..<tasks.count).map { task in
                        let before = column != .start ? 0 : task == 0 ? start : tasks[.start, task - 1]
                        return UInt64(tasks[column, task] - before)
                    }
                })
        writer.identifiers(tasks.ids)
    }

    private func writeLines(to writer: inout FigureWriter) {
        writer.number(lines.count)
        for line in lines {
            writer.number(line.slots)
            writer.number(line.names.count)
            for name in line.names { writer.number(Int(name)) }
        }
    }

    /// The bytes that figures are written as, after their version and a sum by which damage shows.
    static func sealed(_ body: [UInt8]) -> [UInt8] {
        let sum = body.withUnsafeBytes { checksum($0) }
        return [version] + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } + body
    }

    /// Multiplies eight bytes at a time into a state and folds it.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var state = UInt64(truncatingIfNeeded: bytes.count) ^ 0x6A09_E667_F3BC_C909
        func add(_ word: UInt64) {
            let product = (state ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            state = product.high ^ product.low
        }
        var position = 0
        while position + 8 <= bytes.count {
            add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        var tail: UInt64 = 0
        while position < bytes.count {
            tail = tail << 8 | UInt64(bytes[position])
            position += 1
        }
        add(tail)
        return UInt32(truncatingIfNeeded: state ^ state >> 32)
    }
}

extension Inference {
    /// The number that it is written as.
    var code: UInt64 {
        switch self {
        case .auto: 0
        case .explicit: 1
        case .gap: 2
        }
    }
}

extension LineKind? {
    /// The number that it is written as.
    var code: Int {
        switch self {
        case nil: 0
        case .slots: 1
        case .rate: 2
        case .handover: 3
        }
    }
}

extension FigureTexts {
    /// How much of the text before a text may share. It bounds what few bytes can unfold to.
    static let longestShared = 63

    /// Each text as how much of the text before it begins with, and what follows. At least a byte follows.
    func write(to writer: inout FigureWriter) {
        var (shared, lengths): ([Int], [Int]) = ([], [])
        var rests: [UInt8] = []
        var (before, start) = (0..<0, 0)
        for end in ends {
            var common = 0
            let most = min(before.count, end - start - 1, Self.longestShared)
            while common < most, bytes[before.lowerBound + common] == bytes[start + common] { common += 1 }
            shared.append(common)
            lengths.append(end - start - common)
            rests += bytes[start + common..<end]
            (before, start) = (start..<end, end)
        }
        writer.number(ends.count)
        writer.column(shared)
        writer.column(lengths)
        writer.append(rests)
    }
}

extension LabelSets {
    /// Nothing where there are none.
    func write(to writer: inout FigureWriter) {
        guard !ends.isEmpty else { return }
        writer.number(ends.count)
        writer.column(zip(ends, [0] + ends).map { $0 - $1 })
        writer.column(keys)
        writer.column(values)
    }
}

extension FigureWriter {
    /// An id with what kind it is: 0 and 1 those of digits, above them the length of a text.
    fileprivate mutating func identifier(_ id: Identifier) {
        switch id {
        case .short(let value):
            number(0)
            append(value)
        case .long(let high, let low):
            number(1)
            append(high)
            append(low)
        case .text(let text):
            number(text.count + 2)
            append(text)
        }
    }

    /// Ids, first whether all of them are of sixteen digits.
    fileprivate mutating func identifiers(_ ids: [Identifier]) {
        let short = ids.compactMap { id in if case .short(let value) = id { value } else { nil } }
        number(short.count == ids.count ? 0 : 1)
        if short.count == ids.count {
            for value in short { append(value) }
        } else {
            for id in ids { identifier(id) }
        }
    }

    private mutating func append(_ value: UInt64) {
        append((0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) })
    }
}
