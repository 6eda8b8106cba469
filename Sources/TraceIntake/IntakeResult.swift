package import TraceCore

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

    /// What was noted of lines that were looked at, and of the stream's failure.
    private var noted = LossTally()
    /// Events taken with a time that is hardly meant, in the order of `TimeDoubt`.
    private var oddTimes = SIMD4<Int>()

    package init() {}

    /// How many errors of single lines are kept; the others are counted.
    package static let keptErrors = 5
    /// How many rejected lines of a stream are noted by their reasons. Those behind them only count, so that a body of
    /// millions costs no more than reading it.
    package static let notedLines = 1_000

    /// What of the stream was not taken, and why, and what was taken with a time that is hardly meant.
    package var losses: LossTally {
        var losses = noted
        losses.note(LossTally.furtherLines, .lines, count: rejected - Self.notedLines)
        for (place, doubt) in TimeDoubt.allCases.enumerated() {
            losses.note(doubt.reason, .oddTimes, count: oddTimes[place] - LossTally.keptOffenders)
        }
        return losses
    }

    /// How many events were taken with a time that is hardly meant.
    package var oddTimeCount: Int { oddTimes.wrappedSum() }

    /// Counts a rejected line of a request that came at `time`, µs since the epoch, from `service`.
    mutating func reject(_ line: Line, _ message: @autoclosure () -> String, time: Int64, service: String?) {
        rejected += 1
        guard rejected <= Self.notedLines else { return }
        let message = message()
        if errors.count < Self.keptErrors {
            errors.append(IntakeError(message: message, document: Array(line.bytes), line: line.number))
        }
        let document = Array(line.bytes.prefix(LossTally.keptBytes))
        noted.note(
            LossReason.of(message), .lines,
            LossTally.Offender(time: time, service: service, line: line.number, document: document))
    }

    /// Counts an event that was taken with a time that is hardly meant. As with rejected lines, only the first few are
    /// looked at closely.
    mutating func note(_ doubt: TimeDoubt, _ line: Line, time: Int64, service: String?) {
        guard let place = TimeDoubt.allCases.firstIndex(of: doubt) else { return }
        oddTimes[place] += 1
        guard oddTimes[place] <= LossTally.keptOffenders else { return }
        let document = Array(line.bytes.prefix(LossTally.keptBytes))
        noted.note(
            doubt.reason, .oddTimes,
            LossTally.Offender(time: time, service: service, line: line.number, document: document))
    }

    /// Notes that the stream failed.
    mutating func fail(_ failure: Failure, _ error: IntakeError, time: Int64, service: String?) {
        self.failure = failure
        errors.append(error)
        let document = error.document.map { Array($0.prefix(LossTally.keptBytes)) }
        noted.note(
            LossReason.of(error.message), .requests,
            LossTally.Offender(time: time, service: service, line: nil, document: document))
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
