package import TraceCore

/// What whoever takes the batch of a stream in several pieces has to know.
extension ElasticStream {
    /// Where in the decoded body the line begins that is not complete yet: behind all that the batch was made of. Within
    /// the rest of a line that is too long, how far that was passed over.
    package var lineStart: Int { lines.lineStart }

    /// Whether the rest of a line that is too long is being passed over.
    package var isPassingOver: Bool { lines.isSkipping }

    /// Where the first line began that followed one that is too long, since a batch was taken for a body that begins
    /// somewhere; nil as long as there was none.
    package var passedOverTo: Int? { lines.skippedTo }

    /// About how many bytes hold what was accepted since the last batch was taken, ids that are kept as text apart. To
    /// know it costs the same however many events there are.
    package var batchWeight: Int {
        var weight = batch.events.count * MemoryLayout<Event>.stride
        weight += batch.sideEvents.count * MemoryLayout<SideEvent>.stride
        weight += batch.labels.count * MemoryLayout<Label>.stride
        // Tables of texts and traces have an index beside each entry.
        weight += batch.symbols.byteCount + batch.symbols.count * Self.symbolOverhead
        return weight + batch.traces.count * Self.traceOverhead
    }

    /// About how many bytes it holds beside the batch, whoever takes that: its tables, the line under way, the metadata,
    /// and the lines of which the errors tell.
    package var ownWeight: Int {
        // A line with escapes is held twice.
        var weight = Self.tablesWeight + 2 * lines.capacity + 2 * (metadata?.count ?? 0)
        for error in result.errors { weight += error.document?.count ?? 0 }
        return weight
    }

    private static let tablesWeight = 32 << 10

    private static let symbolOverhead = 24
    private static let traceOverhead = 96

    /// How many bytes the ids take that are kept as text, of the batch's events from these on.
    package func textWeight(from events: Int, _ sideEvents: Int) -> Int {
        var weight = 0
        for event in batch.events[events...] {
            weight += event.id.textWeight + (event.parent?.textWeight ?? 0) + (event.transaction?.textWeight ?? 0)
        }
        for event in batch.sideEvents[sideEvents...] {
            weight += (event.id?.textWeight ?? 0) + (event.parent?.textWeight ?? 0)
            weight += event.transaction?.textWeight ?? 0
        }
        return weight
    }

    /// Hands over the events accepted since the last time, for a body that begins at `origin` of this one.
    package mutating func takeBatch(from origin: Int) -> EventBatch {
        lines.skippedTo = nil
        var taken = takeBatch()
        guard origin != 0 else { return taken }
        for index in taken.events.indices { taken.events[index].line.offset -= origin }
        for index in taken.sideEvents.indices { taken.sideEvents[index].line.offset -= origin }
        return taken
    }

    /// How many events there are in the batch.
    package var batchCounts: (events: Int, sideEvents: Int) { (batch.events.count, batch.sideEvents.count) }
}

extension Identifier {
    /// The bytes that it takes beside itself: none where it is kept as integers.
    fileprivate var textWeight: Int {
        guard case .text(let bytes) = self, !bytes.isEmpty else { return 0 }
        return bytes.count + 48
    }
}
