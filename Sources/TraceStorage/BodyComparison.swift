package import TraceCore

extension StoredBody {
    /// The most differences that are told of one body.
    package static let maximumDifferences = 100

    /// What the rows of its events say otherwise than the events freshly decoded from it, each in one sentence; empty
    /// where every column is what its line gives. `fresh` was decoded with the body's request time, and behind
    /// `prefix` bytes that are not the body's. Events that have no row here are no difference: an earlier body brought
    /// them.
    package func differences(from fresh: EventBatch, behind prefix: Int = 0) -> [String] {
        var comparison = BodyComparison(self, fresh, prefix: prefix)
        comparison.run()
        return comparison.differences
    }
}

/// Compares the rows of a body's events with the events as decoded anew.
private struct BodyComparison {
    private let body: StoredBody
    private let stored: EventBatch
    private let fresh: EventBatch
    /// Bytes before the body in what was decoded.
    private let prefix: Int
    /// The processes that were compared, as pairs of stored and fresh.
    private var seenProcesses: Set<[Int]> = []
    private var subject = ""
    private(set) var differences: [String] = []

    init(_ body: StoredBody, _ fresh: EventBatch, prefix: Int) {
        self.body = body
        self.stored = body.events
        self.fresh = fresh
        self.prefix = prefix
    }

    mutating func run() {
        for problem in body.problems { note("body \(body.number): \(problem)") }
        if stored.events.isEmpty, stored.sideEvents.isEmpty, body.problems.isEmpty {
            note("body \(body.number): no event stands in it")
        }
        compareEvents()
        compareSideEvents()
    }

    private var isFull: Bool { differences.count >= StoredBody.maximumDifferences }

    private mutating func note(_ difference: String) { if !isFull { differences.append(difference) } }

    private mutating func compareEvents() {
        var places: [Int: [Int]] = [:]
        for (index, event) in fresh.events.enumerated() { places[event.line.offset, default: []].append(index) }
        for event in stored.events {
            guard !isFull else { return }
            let kind = event.kind == .transaction ? "transaction" : "span"
            subject = "body \(body.number), line at \(event.line.offset), \(kind) \(event.id.text)"
            let line = event.line.offset.addingReportingOverflow(prefix).partialValue
            let found = places[line]?.first { fresh.events[$0].kind == event.kind && fresh.events[$0].id == event.id }
            if let found {
                compare(event, fresh.events[found])
            } else {
                note("\(subject): its line holds no such event")
            }
        }
    }

    private mutating func compareSideEvents() {
        var places: [Int: [Int]] = [:]
        for (index, event) in fresh.sideEvents.enumerated() { places[event.line.offset, default: []].append(index) }
        for event in stored.sideEvents {
            guard !isFull else { return }
            subject = "body \(body.number), line at \(event.line.offset), \(event.kind)"
            let line = event.line.offset.addingReportingOverflow(prefix).partialValue
            let found = places[line]?.first { fresh.sideEvents[$0].kind == event.kind }
            if let found {
                compare(event, fresh.sideEvents[found])
            } else {
                note("\(subject): its line holds no such event")
            }
        }
    }

    private mutating func compare(_ event: Event, _ other: Event) {
        compare("trace", stored.traces[event.trace].text, fresh.traces[other.trace].text)
        compare("parent", event.parent?.text, other.parent?.text)
        compare("transaction", event.transaction?.text, other.transaction?.text)
        compare("name", symbols: event.name, other.name)
        compare("type", symbols: event.type, other.type)
        compare("subtype", symbols: event.subtype, other.subtype)
        compare("action", symbols: event.action, other.action)
        compare("service", symbols: event.service, other.service)
        compare("version", symbols: event.version, other.version)
        compare("user", symbols: event.user, other.user)
        compare("start", event.start, other.start)
        compare("offset", event.offset, other.offset)
        compare("duration", event.duration, other.duration)
        compare("outcome", event.outcome, other.outcome)
        compare("sampled", event.sampled, other.sampled)
        compare("dropped", event.dropped, other.dropped)
        compare("message age", event.messageAge, other.messageAge)
        compare("compressed", event.compressed, other.compressed)
        // Rows that were written before this was kept do not have it.
        if event.hasDottedType { compare("dotted type", true, other.hasDottedType) }
        compare("line length", event.line.length, other.line.length)
        // A span's labels stay in its line.
        if event.kind == .transaction {
            compare("labels", labels: stored.labels[event.labels], fresh.labels[other.labels])
        }
        compareProcess(event.process, other.process)
    }

    private mutating func compare(_ event: SideEvent, _ other: SideEvent) {
        compare("id", event.id?.text, other.id?.text)
        compare("trace", event.trace.map { stored.traces[$0].text }, other.trace.map { fresh.traces[$0].text })
        compare("transaction", event.transaction?.text, other.transaction?.text)
        compare("parent", event.parent?.text, other.parent?.text)
        compare("time", event.timestamp, other.timestamp)
        // Of an event with an id and a trace earlier versions kept none.
        if event.digest != .unknown { compare("digest", event.digest, other.digest) }
        compare("line length", event.line.length, other.line.length)
        compareProcess(event.process, other.process)
    }

    private mutating func compareProcess(_ index: Int, _ other: Int) {
        guard seenProcesses.insert([index, other]).inserted else { return }
        let (process, other) = (stored.processes[index], fresh.processes[other])
        if process.line != other.line { note("\(subject): its metadata line is not the one it came under") }
        compare("metadata's service", symbols: process.service, other.service)
        compare("metadata's version", symbols: process.version, other.version)
        compare("metadata's environment", symbols: process.environment, other.environment)
        compare("metadata's host", symbols: process.host, other.host)
        compare("metadata's pid", process.pid, other.pid)
        compare("metadata's node", symbols: process.node, other.node)
        compare("metadata's container", symbols: process.container, other.container)
        compare("metadata's agent", symbols: process.agent, other.agent)
        compare("metadata's user", symbols: process.user, other.user)
        compare("metadata's labels", labels: process.labels[...], other.labels[...])
    }

    private mutating func compare<Value: Equatable>(_ name: String, _ value: Value, _ other: Value) {
        if value != other { differ(name, "\(value)", "\(other)") }
    }

    private mutating func compare<Value: Equatable>(_ name: String, _ value: Value?, _ other: Value?) {
        if value != other { differ(name, value.map { "\($0)" } ?? "none", other.map { "\($0)" } ?? "none") }
    }

    private mutating func compare(_ name: String, symbols symbol: Symbol?, _ other: Symbol?) {
        if symbol.map(storedText) != other.map(freshText) {
            differ(name, stored.symbols.text(symbol) ?? "none", fresh.symbols.text(other) ?? "none")
        }
    }

    private mutating func compare(_ name: String, labels: ArraySlice<Label>, _ others: ArraySlice<Label>) {
        let areEqual = labels.elementsEqual(others) { label, other in
            storedText(label.key) == freshText(other.key) && storedText(label.value) == freshText(other.value)
                && label.isNumber == other.isNumber
        }
        if !areEqual { note("\(subject): its \(name) are not those of its line") }
    }

    private func storedText(_ symbol: Symbol) -> [UInt8] { stored.symbols.withUTF8(symbol) { Array($0) } }

    private func freshText(_ symbol: Symbol) -> [UInt8] { fresh.symbols.withUTF8(symbol) { Array($0) } }

    private mutating func differ(_ name: String, _ value: String, _ other: String) {
        note("\(subject): its \(name) is \(value) in its row and \(other) in its line")
    }
}
