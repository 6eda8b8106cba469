import TraceCompression
import TraceCore
import TraceServer
import TraceStorage

/// What became of events that were stored.
struct StoredCounts {
    /// Those that had been stored before.
    var duplicates = 0
    /// Those that are lost, since others with their ids were stored before.
    var conflicts = 0
}

/// Where an import puts its events: the database, or the server that holds it.
enum ImportDestination {
    case database(TraceWriter, path: String)
    case server(IntakeClient, ServerAddress)

    init(databasePath: String, secretToken: String?) async throws {
        do {
            self = .database(try TraceWriter(path: databasePath), path: databasePath)
        } catch StorageError.heldByServer(_, let announced?) {
            guard let address = ServerAddress(announced) else {
                throw StorageError.heldByServer(path: databasePath, address: announced)
            }
            self = .server(IntakeClient(address: address, secretToken: secretToken), address)
        }
    }

    /// Stores a delivery. `metadata` is the line that its events come under where its own body does not begin with it.
    func store(_ delivery: Delivery, metadata: [UInt8]) async throws -> StoredCounts {
        switch self {
        case .database(let writer, _):
            switch await writer.store(delivery) {
            case .stored(let duplicates, let conflicts):
                return StoredCounts(duplicates: duplicates, conflicts: conflicts)
            case .failed(let reason): throw CommandFailure(.inputOutput, reason)
            case .queueFull, .shuttingDown: throw CommandFailure(.inputOutput, "the database takes no more")
            }
        case .server(let client, let address):
            if delivery.body.decodedSize == 0 { return StoredCounts() }
            return try await post(delivery, metadata: metadata, client, address)
        }
    }

    /// Ends it. What reports ask of the runs is worked out first, where all was stored; a server does that itself.
    func close(isComplete: Bool) async {
        switch self {
        case .database(let writer, let path):
            if isComplete {
                var keeper = FigureKeeper(writer, path: path)
                // Without them reports are the same, and slower.
                try? await keeper.sweep(quietBefore: .max)
            }
            await writer.close()
        case .server(let client, _): await client.close()
        }
    }

    private func post(
        _ delivery: Delivery, metadata: [UInt8], _ client: IntakeClient, _ address: ServerAddress
    ) async throws -> StoredCounts {
        var body: [UInt8] = []
        // Gzip members may follow one another, so the metadata line goes before the rest as one of its own.
        if !metadata.isEmpty { body = try Deflater.gzip(metadata + [UInt8(ascii: "\n")]) }
        body += delivery.body.bytes
        let headers = [
            (name: "Content-Type", value: "application/x-ndjson"),
            (name: "Content-Encoding", value: delivery.body.encoding == .zlib ? "deflate" : "gzip"),
            (name: IntakeHeaders.requestTime, value: "\(delivery.requestTime)"),
        ]
        let response = try await client.post("/intake/v2/events", headers: headers, body: body)
        // 400 says that lines were rejected, which this side has counted already; the others are stored.
        guard response.status == 202 || response.status == 400 else {
            let advice = response.status == 401 ? ": give its secret token with --secret-token" : ""
            throw CommandFailure(
                .inputOutput,
                "the server at \(address), which holds the database, answered \(response.status) "
                    + response.text.filter { !$0.isNewline } + advice)
        }
        func count(_ header: String) -> Int { response.header(header).flatMap { Int($0) } ?? 0 }
        return StoredCounts(
            duplicates: count(IntakeHeaders.duplicates), conflicts: count(IntakeHeaders.conflicts))
    }
}
