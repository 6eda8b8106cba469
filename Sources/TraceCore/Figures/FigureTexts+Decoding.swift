extension FigureTexts {
    /// Reads the first so many texts, and goes behind all of them.
    mutating func read(upTo limit: Int, from reader: inout FigureReader) throws(FigureDamage) {
        let there = try reader.number(upTo: reader.rest)
        let shared = try reader.column(there)
        let lengths = try reader.column(there)
        guard shared.bound <= UInt64(UInt8.max), lengths.bound <= UInt64(UInt32.max) else { throw FigureDamage() }
        let count = max(0, min(there, limit))
        var (size, written) = (0, 0)
        for place in 0..<there {
            let length = Int(lengths[place])
            guard length > 0 else { throw FigureDamage() }
            written += length
            if place < count { size += length + Int(shared[place]) }
        }
        let rests = try reader.slice(written)
        ends.resize(count)
        bytes.resize(size)
        guard size > 0, unfold(shared, lengths, rests) else {
            if count > 0 { throw FigureDamage() }
            return
        }
    }

    /// Puts the texts together; whether each shares with the one before it no more than there is.
    private mutating func unfold(
        _ shared: PackedColumn, _ lengths: PackedColumn, _ rests: UnsafeRawBufferPointer
    ) -> Bool {
        bytes.withUnsafeMutableBytes { bytes in
            guard let text = bytes.baseAddress, let source = rests.baseAddress else { return false }
            var (before, start, position) = (0, 0, 0)
            for place in ends.indices {
                let (common, length) = (Int(shared[place]), Int(lengths[place]))
                guard common <= start - before, common <= Self.longestShared else { return false }
                (text + start).copyMemory(from: text + before, byteCount: common)
                (text + start + common).copyMemory(from: source + position, byteCount: length)
                (before, start, position) = (start, start + common + length, position + length)
                ends[place] = start
            }
            return true
        }
    }
}

extension LabelSets {
    mutating func removeAll() {
        guard !ends.isEmpty else { return }
        ends.resize(0)
        keys.resize(0)
        values.resize(0)
    }

    /// Reads the sets if they are wanted, else goes behind them; how many there are.
    mutating func read(
        isWanted: Bool, texts: UInt32, from reader: inout FigureReader
    ) throws(FigureDamage) -> Int {
        let count = try reader.number(upTo: reader.rest)
        let sizes = try reader.column(count)
        // In a set no key stands twice, and no two sets are alike: each label but one takes a bit.
        let most = UInt64(reader.rest) * 8 + 1
        var size: UInt64 = 0
        for set in 0..<count {
            guard sizes[set] > 0, sizes[set] <= most - size else { throw FigureDamage() }
            size += sizes[set]
            if isWanted { ends.append(Int(size)) }
        }
        let keys = try reader.column(Int(size))
        let values = try reader.column(Int(size))
        if isWanted {
            self.keys.resize(Int(size))
            self.values.resize(Int(size))
            let greatest = max(
                self.keys.withUnsafeMutableBufferPointer { keys.read(into: $0) },
                self.values.withUnsafeMutableBufferPointer { values.read(into: $0) })
            guard greatest <= UInt64(texts) else { throw FigureDamage() }
        }
        return count
    }
}

extension FigureReader {
    mutating func identifier() throws(FigureDamage) -> Identifier {
        let kind = try number(upTo: rest + 1)
        switch kind {
        case 0: return .short(try word())
        case 1: return .long(try word(), try word())
        default: return Identifier(utf8: try slice(kind - 2).assumingMemoryBound(to: UInt8.self))
        }
    }

    mutating func identifiers(_ count: Int, into ids: inout [Identifier]) throws(FigureDamage) {
        ids.reserveCapacity(count)
        guard try number(upTo: 1) == 0 else {
            for _ in 0..<count { ids.append(try identifier()) }
            return
        }
        for _ in 0..<count { ids.append(.short(try word())) }
    }

    private mutating func word() throws(FigureDamage) -> UInt64 {
        UInt64(littleEndian: try slice(8).loadUnaligned(as: UInt64.self))
    }
}
