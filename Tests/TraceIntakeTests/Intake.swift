import TraceCore
import TraceIntake

/// What became of a stream that was sent whole.
struct Intake {
    static let requestTime: Int64 = 1_600_000_000_000_000

    var result: IntakeResult
    var batch: EventBatch

    init(_ body: [UInt8], maximumEventSize: Int = 307_200) {
        self.init(pieces: [body[...]], maximumEventSize: maximumEventSize)
    }

    init(
        pieces: [ArraySlice<UInt8>], maximumEventSize: Int = 307_200, breakOff reason: String? = nil,
        mayHoldSeveral: Bool = false
    ) {
        var stream = ElasticStream(
            requestTime: Self.requestTime, maximumEventSize: maximumEventSize, mayHoldSeveral: mayHoldSeveral)
        for piece in pieces { piece.withUnsafeBytes { stream.feed($0) } }
        if let reason { stream.breakOff(reason) } else { stream.finish() }
        result = stream.result
        batch = stream.takeBatch()
    }

    init(_ text: String, maximumEventSize: Int = 307_200) {
        self.init(Array(text.utf8), maximumEventSize: maximumEventSize)
    }

    /// A stream of lines below the smallest metadata.
    init(lines: [String]) {
        self.init(([Smallest.metadata.json] + lines).map { $0 + "\n" }.joined())
    }

    /// A stream of one line below the smallest metadata.
    init(_ line: SentObject) { self.init(lines: [line.json]) }

    /// The messages of the errors that were kept.
    var messages: [String] { result.errors.map(\.message) }

    /// The text of a symbol of the first event.
    func text(_ symbol: KeyPath<Event, Symbol>) -> String? {
        batch.events.first.map { batch.symbols[$0[keyPath: symbol]] }
    }

    func text(_ symbol: KeyPath<Event, Symbol?>) -> String? {
        batch.events.first.flatMap { event in event[keyPath: symbol].map { batch.symbols[$0] } }
    }

    /// The labels of the first event, as text; numbers have a `#`.
    var labels: [String] {
        guard let event = batch.events.first else { return [] }
        return batch.labels[event.labels].map { describe($0) }
    }

    func describe(_ label: Label) -> String {
        "\(batch.symbols[label.key])=\(label.isNumber ? "#" : "")\(batch.symbols[label.value])"
    }

    /// Everything in the batch and the result, to compare.
    var description: String {
        let symbols = batch.symbols.symbols.map { batch.symbols.withUTF8($0) { Array($0) } }
        return """
            \(result) \(batch.events) \(batch.sideEvents) \(batch.labels) \(batch.processes) \(batch.traces) \(symbols)
            """
    }
}
