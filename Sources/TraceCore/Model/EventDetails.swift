/// What the line of an event says beyond what its row keeps: for looking at one event closely.
///
/// What is laid out in a way of its own has a member; every other field is in `fields`, so that nothing that was
/// sent is out of sight. Times are µs.
package struct EventDetails: Sendable, Equatable {
    /// What went wrong: of errors.
    package var error: ErrorDetails?
    /// What was asked of a database (`context.db`).
    package var database: DatabaseCall?
    /// What was asked by HTTP: of a span the call it made, of a transaction the request it answered.
    package var http: HTTPCall?
    /// Innermost frame first. An error's frames are in its `error`.
    package var stack: [StackFrame] = []
    /// Events of other traces that this one is linked to.
    package var links: [Link] = []
    /// Spans that the agent did not send, summed up by where they went: of transactions.
    package var droppedSpans: [DroppedSpans] = []
    /// The run of equal spans that this one stands for.
    package var composite: Composite?
    /// What was measured, by name: of metricsets.
    package var samples: [Sample] = []
    /// What was written: of logs.
    package var message: String?
    /// All other fields, in the order they were sent: `context.custom.batch` and its value.
    package var fields: [Field] = []
    /// The event as one line of valid JSON: what was sent, without what is no part of it (bytes behind its end,
    /// bytes that are not UTF-8).
    package var json = "{}"

    package init() {}

    package struct DatabaseCall: Sendable, Equatable {
        package var statement: String?
        package var instance: String?
        package var type: String?
        package var user: String?
        package var rowsAffected: Int64?

        package init() {}
    }

    package struct HTTPCall: Sendable, Equatable {
        package var method: String?
        package var url: String?
        package var statusCode: Int64?

        package init() {}
    }

    package struct Link: Sendable, Equatable {
        package var trace: String
        package var span: String

        package init(trace: String, span: String) {
            self.trace = trace
            self.span = span
        }
    }

    package struct DroppedSpans: Sendable, Equatable {
        /// What they called: `destination_service_resource`, else the target's type and name.
        package var destination: String?
        package var outcome: String?
        package var count: Int64
        package var duration: Int64

        package init(destination: String?, outcome: String?, count: Int64, duration: Int64) {
            self.destination = destination
            self.outcome = outcome
            self.count = count
            self.duration = duration
        }
    }

    package struct Composite: Sendable, Equatable {
        package var count: Int64
        package var duration: Int64
        package var strategy: String

        package init(count: Int64, duration: Int64, strategy: String) {
            self.count = count
            self.duration = duration
            self.strategy = strategy
        }
    }

    /// A metric: a value, or a histogram as pairs of value and count. Numbers keep the digits they were sent with.
    package struct Sample: Sendable, Equatable {
        package var name: String
        package var value: String?
        package var histogram: [(value: String, count: String)]
        package var unit: String?

        package init(name: String, value: String?, histogram: [(value: String, count: String)] = [], unit: String?) {
            self.name = name
            self.value = value
            self.histogram = histogram
            self.unit = unit
        }

        package static func == (left: Sample, right: Sample) -> Bool {
            left.name == right.name && left.value == right.value && left.unit == right.unit
                && left.histogram.elementsEqual(right.histogram, by: ==)
        }
    }

    /// A field by its path, and its value as text.
    package struct Field: Sendable, Equatable {
        package var path: String
        package var value: String

        package init(path: String, value: String) {
            self.path = path
            self.value = value
        }
    }
}

/// A call that was under way when a stack was taken.
package struct StackFrame: Sendable, Equatable {
    /// The file, else the class it stands in.
    package var file: String
    package var line: Int64?
    package var function: String?
    package var module: String?
    /// The line's own text, where it was sent.
    package var source: String?
    /// Whether it is a library's and none of the program's own.
    package var isLibrary: Bool

    package init(file: String, line: Int64?, function: String?, module: String?, source: String?, isLibrary: Bool) {
        self.file = file
        self.line = line
        self.function = function
        self.module = module
        self.source = source
        self.isLibrary = isLibrary
    }
}

/// What an error says of what went wrong: its exception, else the log message it was taken from.
package struct ErrorDetails: Sendable, Equatable {
    /// The exception's type, else the log's level.
    package var type: String?
    package var message: String?
    /// Where it came from, in the agent's words.
    package var culprit: String?
    /// Whether the program caught it; nil where that was not said.
    package var handled: Bool?
    package var module: String?
    package var code: String?
    package var stack: [StackFrame] = []
    /// What caused it, the nearest first; each may have been caused in turn.
    package var causes: [ErrorDetails] = []

    package init() {}
}
