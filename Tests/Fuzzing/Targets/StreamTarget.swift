import TraceCore
import TraceIntake

/// A stream of the intake, cut in pieces by the input: whatever comes, and however it is cut,
///
/// - the result and the events are those of the body fed whole;
/// - each line counts as what it is when sent alone behind the same metadata, so that nothing of one line shows in
///   another and a redelivery is recognised;
/// - the lines that events name stand where they say; errors and losses keep to their bounds and sums.
enum StreamTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let flags = input.byte()
        let size = Int(input.byte())
        let sizes = input.sizes()
        var manner = FedStream.Manner()
        manner.mayHoldSeveral = flags & 1 != 0
        manner.breaksOff = flags & 2 != 0
        // With the smaller ones many lines are too long.
        if flags & 4 != 0 { manner.maximumEventSize = 1 + size * (flags & 8 != 0 ? 1 : 16) }
        let body = flags & 16 != 0 ? input.rest : Samples.metadata + [UInt8(ascii: "\n")] + input.rest
        let whole = FedStream(body, manner)
        let rows = whole.rows
        let cut = FedStream(body, pieces: FuzzInput.pieces(of: body.count, sizes), manner)
        require(cut.result == whole.result, "in pieces \(cut.result), whole \(whole.result)")
        require(cut.rows == rows, "other events in pieces")
        require(cut.metadata == whole.metadata, "other metadata in pieces")
        checkStops(body, manner, whole, rows)
        checkResult(whole.result, accepted: rows.count, manner)
        for row in rows { checkPlace(row, in: body, manner) }
        if flags & 32 == 0 { StreamReference(body, manner)?.check(whole, rows) }
        return 0
    }

    /// Fed up to each metadata line, a stream brings the same events, those of each batch under one metadata line.
    private static func checkStops(_ body: [UInt8], _ manner: FedStream.Manner, _ whole: FedStream, _ rows: [EventRow])
    {
        var manner = manner
        manner.stopsAtMetadata = true
        let stopping = FedStream(body, pieces: [body.indices], manner)
        require(stopping.result == whole.result, "up to metadata \(stopping.result), whole \(whole.result)")
        let byPlace = { (left: EventRow, right: EventRow) in left.offset < right.offset }
        require(stopping.rows.sorted(by: byPlace) == rows.sorted(by: byPlace), "other events up to metadata")
        for batch in stopping.batches {
            require(batch.processes.count <= 1, "\(batch.processes.count) metadata lines in a batch taken between them")
        }
    }

    private static func checkResult(_ result: IntakeResult, accepted: Int, _ manner: FedStream.Manner) {
        require(result.accepted == accepted, "\(result.accepted) accepted, \(accepted) events")
        let failures = result.failure == nil ? 0 : 1
        require(!manner.breaksOff || failures == 1, "a stream that broke off has not failed")
        require(
            result.errors.count == min(result.rejected, IntakeResult.keptErrors) + failures,
            "\(result.errors.count) errors of \(result.rejected) lines")
        for error in result.errors {
            require((error.document?.count ?? 0) <= manner.maximumEventSize, "a document longer than an event may be")
            require(error.line > 0 && !error.message.isEmpty, "\(error)")
        }
        let entries = result.losses.entries
        func sum(_ unit: LossTally.Unit) -> Int {
            entries.reduce(0) { $0 + ($1.unit == unit ? $1.count : 0) }
        }
        require(sum(.lines) == result.rejected && sum(.requests) == failures, "losses \(entries) of \(result)")
        require(entries.count <= LossTally.maximumReasons + 2, "\(entries.count) reasons")
        for entry in entries {
            require(entry.count > 0 && entry.offenders.count <= LossTally.keptOffenders, "\(entry)")
            require(entry.offenders.count <= entry.count, "\(entry)")
            require(entry.reason.utf8.count <= LossTally.reasonBytes, "a reason of \(entry.reason.utf8.count) bytes")
            for offender in entry.offenders {
                require((offender.document?.count ?? 0) <= LossTally.keptBytes, "a long document")
            }
        }
    }

    /// An event's line is a whole line of the body; in a file a byte order mark may stand before and after it, and
    /// metadata follow it.
    private static func checkPlace(_ row: EventRow, in body: [UInt8], _ manner: FedStream.Manner) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let newline = UInt8(ascii: "\n")
        let end = row.offset + row.length
        require(row.offset > 0 && row.length > 0 && end <= body.count, "a line at \(row.offset)..<\(end)")
        let isAfterMark = manner.mayHoldSeveral && body[..<row.offset].suffix(3) == mark[...]
        require(body[row.offset - 1] == newline || isAfterMark, "a line that begins at \(row.offset)")
        let isBeforeMetadata =
            manner.mayHoldSeveral
            && (body[end...].first == UInt8(ascii: "{") || body[end...].starts(with: mark))
        require(end == body.count || body[end] == newline || isBeforeMetadata, "a line that ends at \(end)")
        require(!body[row.offset..<end].contains(newline), "a line that holds a newline")
    }
}
