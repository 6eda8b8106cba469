/// What a database holds, in numbers.
package struct DatabaseInformation: Sendable, Equatable {
    /// Events by kind.
    package var transactions = 0
    package var spans = 0
    package var errors = 0
    package var metricsets = 0
    package var logs = 0
    /// Traces, those included that brought errors, metricsets and logs alone.
    package var runs = 0
    /// Distinct metadata lines.
    package var metadataLines = 0
    /// Processes that sent something: distinct host name, pid and node name.
    package var processes = 0
    /// Distinct texts.
    package var texts = 0
    package var bodies = 0
    /// Bytes of all bodies, compressed as they are kept, and decoded.
    package var storedBodyBytes = 0
    package var decodedBodyBytes = 0
    /// Spans that agents counted and did not send.
    package var droppedSpans = 0
    /// The start of the runs that start first and last, µs since the epoch; nil where there is none.
    package var starts: ClosedRange<Int64>?
    /// When the first and the last of the requests came whose bodies are kept, µs since the epoch; nil where none is.
    package var requests: ClosedRange<Int64>?
    /// By name.
    package var tables: [Table] = []
    package var pageSize = 0
    package var pages = 0
    /// Pages that hold nothing, to be used again.
    package var freePages = 0
    /// Bytes of the file, and of the log beside it; nil where it isn't there.
    package var fileSize: Int?
    package var logSize: Int?
    /// How many steps the schema has taken.
    package var schemaVersion = 0
    /// What was not taken, by (reason, unit).
    package var losses: [StoredLoss] = []
    /// Events that were stored with a time that is hardly meant, by reason: see `TimeDoubt`.
    package var oddTimes: [StoredLoss] = []

    package init() {}

    /// All events.
    package var events: Int { transactions + spans + errors + metricsets + logs }

    package struct Table: Sendable, Equatable {
        package var name: String
        package var rows: Int
        /// Of the table and its indexes; nil where this SQLite cannot tell.
        package var bytes: Int?

        package init(name: String, rows: Int, bytes: Int?) {
            self.name = name
            self.rows = rows
            self.bytes = bytes
        }
    }
}

/// What an intake did not take for one reason, as it is stored.
package struct StoredLoss: Sendable, Equatable {
    /// Why, in the words the sender was told.
    package var reason: String
    package var unit: LossTally.Unit
    package var count: Int
    /// When the first and the last of them came, µs since the epoch.
    package var first: Int64
    package var last: Int64
    /// The last of them, the latest last.
    package var offenders: [LossTally.Offender]

    package init(
        reason: String, unit: LossTally.Unit, count: Int, first: Int64, last: Int64, offenders: [LossTally.Offender]
    ) {
        self.reason = reason
        self.unit = unit
        self.count = count
        self.first = first
        self.last = last
        self.offenders = offenders
    }
}
