import TraceIntake

/// What a stream should make of a body, line by line: each is sent in a stream of its own, behind the metadata in force.
struct StreamReference {
    private struct SentLine {
        var offset: Int
        var number: Int
        var bytes: [UInt8]
    }

    private let manner: FedStream.Manner
    private let body: [UInt8]
    private var lines: [SentLine] = []
    /// Whether a newline ends the last line.
    private let isComplete: Bool
    private static let newline = UInt8(ascii: "\n")

    /// Nil where the body has more lines than are worth the time.
    init?(_ body: [UInt8], _ manner: FedStream.Manner) {
        self.body = body
        self.manner = manner
        isComplete = body.last == Self.newline
        var offset = 0
        for (index, part) in body.split(separator: Self.newline, omittingEmptySubsequences: false).enumerated() {
            defer { offset += part.count + 1 }
            if part.isEmpty, index > 0 || body.isEmpty { continue }
            lines.append(SentLine(offset: offset, number: index + 1, bytes: Array(part)))
        }
        guard lines.count <= 6 else { return nil }
    }

    func check(_ whole: FedStream, _ rows: [EventRow]) {
        guard let first = lines.first else {
            require(whole.result.accepted == 0 && whole.result.rejected == 0, "lines of an empty body")
            return
        }
        var alone = FedStream(first.bytes + [Self.newline], plain)
        let isWhole = lines.count > 1 || isComplete
        if alone.result.failure == .metadata || !isWhole {
            let hasFailed =
                whole.result.failure == (manner.breaksOff && !isWhole && !isTooLong(first) ? .brokenOff : .metadata)
            require(hasFailed, "metadata \(first) passed")
            require(whole.result.rejected == 0 && rows.isEmpty, "lines behind metadata that failed")
            return
        }
        require(whole.result.failure == (manner.breaksOff ? .brokenOff : nil), "\(whole.result)")
        // The metadata in force, before it the first where that in force is rejected itself.
        var head = first.bytes + [Self.newline]
        var rejectedOfHead = 0
        var rejected: [IntakeError] = []
        var count = 0
        var events: [EventRow] = []
        for line in lines.dropFirst() {
            // The end of a body that broke off is no line, unless it is too long to be one.
            if manner.breaksOff, !isComplete, line.number == lines.last?.number, !isTooLong(line) { continue }
            alone = FedStream(head + line.bytes + [Self.newline], plain)
            require(alone.result.failure == nil, "a line fails its stream")
            count += alone.result.rejected - rejectedOfHead
            rejected += alone.result.errors.dropFirst(rejectedOfHead).map { error in
                var error = error
                error.line = line.number
                return error
            }
            events += alone.rows.map { row in
                var row = row
                row.offset += line.offset - head.count
                return row
            }
            guard let inForce = alone.metadata else { continue }
            rejectedOfHead = alone.isMetadataRejected ? 1 : 0
            head = (alone.isMetadataRejected ? first.bytes + [Self.newline] : []) + inForce + [Self.newline]
        }
        require(count == whole.result.rejected, "\(count) lines rejected alone, \(whole.result.rejected) together")
        let errors = whole.result.errors.prefix(min(count, IntakeResult.keptErrors))
        require(rejected.prefix(IntakeResult.keptErrors) == errors, "alone \(rejected), together \(errors)")
        let sides = events.filter(\.isSide)
        require(events.filter { !$0.isSide } == rows.filter { !$0.isSide }, "other events alone")
        require(sides == rows.filter(\.isSide), "other side events alone")
    }

    private func isTooLong(_ line: SentLine) -> Bool { line.bytes.count >= manner.maximumEventSize }

    /// How each line is sent: as in the stream, and to its end.
    private var plain: FedStream.Manner {
        var manner = manner
        manner.breaksOff = false
        return manner
    }
}
