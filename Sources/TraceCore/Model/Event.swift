/// A transaction or a span, as everything after the intake knows it: integers, ids and symbols.
///
/// What a waterfall or a report does not ask for (context, stack traces) stays in the body that the
/// event came with; `line` says where.
package struct Event: Sendable {
    package enum Kind: UInt8, Sendable {
        case transaction = 1
        case span = 2
    }

    package enum Outcome: UInt8, Sendable, CaseIterable {
        case unknown = 0
        case success = 1
        case failure = 2
    }

    package var kind: Kind
    /// The trace, as an index into `EventBatch.traces`.
    package var trace: Int
    package var id: Identifier
    /// Nil where it is absent or empty.
    package var parent: Identifier?
    /// A span's `transaction_id`; nil where it is absent or empty, and on transactions.
    package var transaction: Identifier?
    /// Nil where a transaction came without one; spans have one.
    package var name: Symbol?
    package var type: Symbol = .empty
    package var subtype: Symbol?
    package var action: Symbol?
    /// `context.service.name` of the event, else the metadata's.
    package var service: Symbol = .empty
    /// `context.service.version` of the event, else the metadata's.
    package var version: Symbol?
    /// The metadata it came under, as an index into `EventBatch.processes`.
    package var process: Int
    /// The user a transaction was done for; nil on spans.
    package var user: Symbol?
    /// µs since the epoch. Of a span that came with an offset and no timestamp: its request's time plus
    /// the offset, which counts only where its transaction never comes.
    package var start: Int64
    /// µs from the start of its transaction, for a span that came without a timestamp.
    package var offset: Int64?
    /// µs, 0 or more.
    package var duration: Int64
    package var outcome: Outcome = .unknown
    /// False for a transaction that was counted and not recorded.
    package var sampled = true
    /// Spans of a transaction that the agent dropped.
    package var dropped: Int64 = 0
    /// How long a transaction's message had lain in its queue, µs.
    package var messageAge: Int64 = 0
    /// Whether `subtype` and `action` of a span are parts of the dotted type that it was sent with.
    package var hasDottedType = false
    /// Whether a span stands for a run of equal ones.
    package var compressed = false
    /// The event's own labels, as a range of `EventBatch.labels`.
    package var labels: Range<Int> = 0..<0
    /// Where its line stands in the decoded body.
    package var line: BodyRange

    package init(
        kind: Kind, trace: Int, id: Identifier, process: Int, start: Int64, duration: Int64, line: BodyRange
    ) {
        self.kind = kind
        self.trace = trace
        self.id = id
        self.process = process
        self.start = start
        self.duration = duration
        self.line = line
    }
}

/// A line of a body: bytes of the decoded stream, without the newline.
package struct BodyRange: Sendable, Hashable {
    /// Which body: 0 where it is the only one in question, a number above 0 where it is stored, one below 0 where it
    /// is a file that was read.
    package var body: Int64 = 0
    package var offset: Int
    package var length: Int

    package init(body: Int64 = 0, offset: Int, length: Int) {
        self.body = body
        self.offset = offset
        self.length = length
    }
}

/// A label of an event or of its metadata. A number keeps the digits it was sent with, a boolean is `true`
/// or `false`.
package struct Label: Sendable, Hashable {
    package var key: Symbol
    package var value: Symbol
    /// Whether the value was sent as a number.
    package var isNumber: Bool

    package init(key: Symbol, value: Symbol, isNumber: Bool) {
        self.key = key
        self.value = value
        self.isNumber = isNumber
    }
}

/// An error, a metricset or a log: counted, and kept where it came.
package struct SideEvent: Sendable {
    package enum Kind: UInt8, Sendable, CaseIterable {
        case error = 3
        case metricset = 4
        case log = 5
    }

    package var kind: Kind
    /// As an index into `EventBatch.traces`; nil where it names no trace.
    package var trace: Int?
    /// Errors have one; metricsets and logs have none.
    package var id: Identifier?
    package var transaction: Identifier?
    package var parent: Identifier?
    package var process: Int
    /// µs since the epoch.
    package var timestamp: Int64
    /// Of the metadata and the line: what tells it from another where it has no trace or no id.
    package var digest: Digest
    package var line: BodyRange

    package init(
        kind: Kind, trace: Int?, id: Identifier?, transaction: Identifier?, parent: Identifier?, process: Int,
        timestamp: Int64, digest: Digest, line: BodyRange
    ) {
        self.kind = kind
        self.trace = trace
        self.id = id
        self.transaction = transaction
        self.parent = parent
        self.process = process
        self.timestamp = timestamp
        self.digest = digest
        self.line = line
    }
}

/// 128 bits that tell one line from another.
package struct Digest: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// That of an event which was stored without one.
    package static let unknown = Digest(high: 0, low: 0)
}
