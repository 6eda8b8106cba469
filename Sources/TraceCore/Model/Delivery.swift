/// One request's worth of events on its way to being stored.
package struct Delivery: Sendable {
    package var batch: EventBatch
    package var body: ReceivedBody
    /// When the request came, µs since the epoch: the time of events that name none.
    package var requestTime: Int64
    /// What of the request was not taken.
    package var losses: LossTally
    /// Whether it was read from a file, or recorded of a command: what it brought is complete when that has ended.
    package var isImport: Bool

    package init(
        batch: EventBatch, body: ReceivedBody, requestTime: Int64, losses: LossTally = LossTally(),
        isImport: Bool = false
    ) {
        self.batch = batch
        self.body = body
        self.requestTime = requestTime
        self.losses = losses
        self.isImport = isImport
    }

    /// Whether there is anything in it to store.
    package var isEmpty: Bool { batch.events.isEmpty && batch.sideEvents.isEmpty }

    /// About how many bytes it holds while it waits to be committed.
    package var weight: Int { body.bytes.count + batch.weight }
}

extension EventBatch {
    /// About how many bytes it takes, ids that are kept as text included.
    fileprivate var weight: Int {
        var weight = symbols.byteCount + labels.count * MemoryLayout<Label>.stride
        for trace in traces { weight += MemoryLayout<Identifier>.stride + trace.textSize }
        for process in processes { weight += process.line.count }
        for event in events {
            weight += MemoryLayout<Event>.stride + event.id.textSize
            weight += (event.parent?.textSize ?? 0) + (event.transaction?.textSize ?? 0)
        }
        for event in sideEvents {
            weight += MemoryLayout<SideEvent>.stride + (event.id?.textSize ?? 0)
            weight += (event.parent?.textSize ?? 0) + (event.transaction?.textSize ?? 0)
        }
        return weight
    }
}

/// A request's body, compressed: as it was received, or by us where it came plain.
package struct ReceivedBody: Sendable {
    package enum Encoding: UInt8, Sendable {
        /// One or more gzip members.
        case gzip = 1
        /// A zlib stream, which HTTP calls `deflate`.
        case zlib = 2
    }

    package var encoding: Encoding
    package var bytes: [UInt8]
    /// How many bytes it was inflated to.
    package var decodedSize: Int

    package init(encoding: Encoding, bytes: [UInt8], decodedSize: Int) {
        self.encoding = encoding
        self.bytes = bytes
        self.decodedSize = decodedSize
    }
}

/// What became of a delivery.
package enum DeliveryOutcome: Sendable, Equatable {
    /// It is committed; `duplicates` of its events had been stored before, and `conflicts` of them are lost, since other
    /// events with their ids were.
    case stored(duplicates: Int, conflicts: Int = 0)
    /// More is waiting to be committed than the server has room for.
    case queueFull
    /// The server takes no more.
    case shuttingDown
    /// It could not be written; the message is for the log.
    case failed(String)
}
