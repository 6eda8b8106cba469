import TraceCore

/// The metadata that events come under, as far as their rows need it.
struct CurrentProcess {
    /// Its place in the batch.
    var index: Int
    var service: Symbol
    var version: Symbol?
    var user: Symbol?
}

/// How accepted lines become rows of the model.
extension ElasticStream {
    /// Adds the metadata to the batch.
    mutating func addMetadata(_ shape: UnsafePointer<CompiledShape>) -> CurrentProcess {
        let line = metadata ?? []
        var process = ProcessMetadata(service: .empty, line: line)
        // A scanner wants a newline behind a line, and room behind that.
        let padded = line + [UInt8](repeating: UInt8(ascii: "\n"), count: 16)
        padded.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            let whole = Line(
                start: start, count: line.count, readableEnd: start + bytes.count, offset: 0, number: 1,
                isOversize: false, endsInNewline: true)
            _ = decoder.decode(whole, as: shape)
            process.service = symbol(.service) ?? .empty
            process.version = symbol(.version)
            process.environment = symbol(.environment)
            process.host = symbol(.configuredHost) ?? symbol(.detectedHost) ?? symbol(.host)
            process.pid = decoder.integer(.process)
            process.node = symbol(.node)
            process.container = symbol(.container)
            process.agent = symbol(.agent)
            process.user = symbol(.userID)
            let labels = appendLabels()
            process.labels = Array(batch.labels[labels])
            batch.labels.removeSubrange(labels)
        }
        batch.processes.append(process)
        return CurrentProcess(
            index: batch.processes.count - 1, service: process.service, version: process.version, user: process.user)
    }

    mutating func appendTransaction(_ line: Line, _ process: CurrentProcess) {
        var event = row(.transaction, line, process)
        event.type = symbol(.type) ?? .empty
        if event.type == .empty { event.type = batch.symbols.intern("unknown") }
        event.user = decoder.has(.user) ? symbol(.userID) : process.user
        event.start = sentTime(line) ?? requestTime
        event.outcome = outcome(failingFrom: 500)
        event.sampled = decoder.integer(.sampled) != 0
        event.dropped = decoder.integer(.dropped) ?? 0
        event.messageAge = decoder.integer(.messageAge).map { Microseconds.age(milliseconds: Double($0)) } ?? 0
        batch.events.append(event)
    }

    mutating func appendSpan(_ line: Line, _ process: CurrentProcess) {
        var event = row(.span, line, process)
        event.transaction = reference(.transactionID)
        if decoder.has(.subtype) || decoder.has(.action) {
            event.type = symbol(.type) ?? .empty
            event.subtype = symbol(.subtype)
            event.action = symbol(.action)
        } else if let type = decoder.text(.type) {
            splitType(decoder.bytes(of: type), into: &event)
        }
        if let timestamp = sentTime(line) {
            event.start = timestamp
        } else {
            let offset = Microseconds.rounded(milliseconds: decoder.number(.start) ?? 0)
            event.offset = offset
            event.start = requestTime + offset
        }
        event.outcome = outcome(failingFrom: 400)
        event.compressed = decoder.has(.composite)
        batch.events.append(event)
    }

    mutating func appendSideEvent(_ kind: SideEvent.Kind, _ line: Line, _ process: CurrentProcess) {
        let trace = identifier(.traceID).map { batch.trace($0) }
        let time = sentTime(line) ?? requestTime
        batch.sideEvents.append(
            SideEvent(
                kind: kind, trace: trace, id: identifier(.id), transaction: identifier(.transactionID),
                parent: identifier(.parentID), process: process.index,
                timestamp: time,
                digest: LineDigest.digest(line.bytes, continuing: metadataDigest),
                line: BodyRange(offset: line.offset, length: line.count)))
    }

    /// What transactions and spans have in common.
    @inline(__always)
    private mutating func row(_ kind: Event.Kind, _ line: Line, _ process: CurrentProcess) -> Event {
        let nothing = Identifier.text([])
        var event = Event(
            kind: kind, trace: batch.trace(identifier(.traceID) ?? nothing), id: identifier(.id) ?? nothing,
            process: process.index, start: 0,
            duration: Microseconds.rounded(milliseconds: decoder.number(.duration) ?? 0),
            line: BodyRange(offset: line.offset, length: line.count))
        event.parent = reference(.parentID)
        event.name = symbol(.name)
        event.service = symbol(.service) ?? process.service
        event.version = symbol(.version) ?? process.version
        if !decoder.labels.isEmpty { event.labels = appendLabels() }
        return event
    }

    /// `db.pg.query.x` is the type `db`, the subtype `pg` and the action `query.x`.
    private mutating func splitType(_ sent: UnsafeBufferPointer<UInt8>, into event: inout Event) {
        let parts = sent.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        let symbols = parts.map { batch.symbols.intern(utf8: UnsafeBufferPointer(rebasing: $0)) }
        event.type = symbols[0]
        if symbols.count > 1 { event.subtype = symbols[1] }
        event.hasDottedType = symbols.count > 1
        if symbols.count > 2 { event.action = symbols[2] }
    }

    /// The outcome as sent, else that of the HTTP status.
    private func outcome(failingFrom least: Int64) -> Event.Outcome {
        if let sent = decoder.integer(.outcome) { return Event.Outcome(rawValue: UInt8(sent)) ?? .unknown }
        guard let status = decoder.integer(.statusCode) else { return .unknown }
        return status >= least ? .failure : .success
    }

    private mutating func symbol(_ capture: Capture) -> Symbol? {
        guard let text = decoder.text(capture) else { return nil }
        return batch.symbols.intern(utf8: decoder.bytes(of: text))
    }

    private mutating func identifier(_ capture: Capture) -> Identifier? {
        guard let text = decoder.text(capture) else { return nil }
        return Identifier(utf8: decoder.bytes(of: text))
    }

    /// The id of another event; an empty one names none.
    private mutating func reference(_ capture: Capture) -> Identifier? {
        guard let text = decoder.text(capture), text.count > 0 else { return nil }
        return identifier(capture)
    }

    /// Appends the labels of the line to the batch, of a key that comes twice the last one; nulls are none.
    ///
    /// They are met backwards, so that the last of a key is the first met.
    private mutating func appendLabels() -> Range<Int> {
        let first = batch.labels.count
        seen.removeAll()
        for sent in decoder.labels.reversed() {
            let key = batch.symbols.intern(utf8: decoder.bytes(of: sent.key))
            guard seen.insert(key) else { continue }
            let value: Symbol
            switch sent.kind {
            case .text, .number: value = batch.symbols.intern(utf8: decoder.bytes(of: sent.value))
            case .yes: value = batch.symbols.intern("true")
            case .no: value = batch.symbols.intern("false")
            case .null: continue
            }
            batch.labels.append(Label(key: key, value: value, isNumber: sent.kind == .number))
        }
        // Turned round where they are: to reverse a slice would copy it.
        var left = first
        var right = batch.labels.count - 1
        while left < right {
            batch.labels.swapAt(left, right)
            left += 1
            right -= 1
        }
        return first..<batch.labels.count
    }
}

/// The symbols met so far: a mere list where they are few.
struct SeenSymbols {
    private var few: [Symbol] = []
    private var many: Set<Symbol> = []

    mutating func removeAll() {
        few.removeAll(keepingCapacity: true)
        if !many.isEmpty { many = [] }
    }

    /// Adds a symbol; false where it was met before.
    mutating func insert(_ symbol: Symbol) -> Bool {
        guard few.count < 32 else { return !few.contains(symbol) && many.insert(symbol).inserted }
        if few.contains(symbol) { return false }
        few.append(symbol)
        return true
    }
}
