/// What became of a stream: how many of its events were taken, and why others were not.
package struct IntakeResult: Sendable, Equatable {
    /// Why nothing after some point of a stream counts.
    package enum Failure: Sendable, Equatable {
        /// Its first line is no metadata.
        case metadata
        /// Its body broke off while it was read; the whole lines before that count.
        case brokenOff
    }

    /// The events taken.
    package var accepted = 0
    /// The lines rejected, whether or not their errors were kept.
    package var rejected = 0
    /// The errors of the first five rejected lines, then that of the stream, if it failed.
    package var errors: [IntakeError] = []
    /// How the stream as a whole failed; nil where it was read to its end.
    package var failure: Failure?

    package init() {}

    /// How many errors of single lines are kept; the others are counted.
    package static let keptErrors = 5

    mutating func reject(_ error: @autoclosure () -> IntakeError) {
        rejected += 1
        if errors.count < Self.keptErrors { errors.append(error()) }
    }

    mutating func fail(_ failure: Failure, _ error: IntakeError) {
        self.failure = failure
        errors.append(error)
    }
}

/// Why a line, or a whole stream, was rejected: what an agent is told.
package struct IntakeError: Sendable, Equatable {
    /// What is wrong, in the words agents know.
    package var message: String
    /// The line as it came, or as much of it as may be sent; nil where no line is at fault.
    package var document: [UInt8]?
    /// The line's number in the stream, from 1.
    package var line: Int

    package init(message: String, document: [UInt8]?, line: Int) {
        self.message = message
        self.document = document
        self.line = line
    }
}
