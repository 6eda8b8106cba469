import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import TraceCompression
import TraceCore
import TraceIntake

/// One intake request while it is taken: its body, what that holds of the memory of all, and what of it is stored.
///
/// What agents usually send is stored as a whole when it was read to its end. A body that brings more is stored in
/// parts while it comes, and where requests together hold too much, all of them are, in smaller ones.
struct IntakeReception: ~Copyable {
    /// Why nothing more of a request can be stored.
    enum Refusal: Equatable {
        case queueFull
        case shuttingDown
        case failed(String)
    }

    static let queueIsFull = "cannot handle stream: cannot process batch: queue is full"

    private let limits: IntakeConfiguration.Limits
    /// Whether it comes from `waitline import`.
    private let isImport: Bool
    private let sink: @Sendable (Delivery) async -> DeliveryOutcome
    private var share: MemoryShare
    private var body: IntakeBody
    /// Bytes that are still read of a body of which nothing counts any more.
    private var room: Int
    private(set) var refusal: Refusal?
    /// How many events were handed to the store and are in it, how many of them had been before, and of how many others
    /// with their ids are in it.
    private(set) var stored = 0
    private(set) var duplicates = 0
    private(set) var conflicts = 0
    /// The service that sent what could not be stored, where that is known.
    private(set) var service: String?
    /// What was lost of a request that has nothing left to store.
    private(set) var losses = LossTally()
    private(set) var failure: IntakeBody.Failure?
    private(set) var status = HTTPResponse.Status.accepted
    private(set) var result = IntakeResult()
    /// Bytes of the body as they came, those included that do not count any more, and inflated.
    private(set) var receivedBytes = 0
    private(set) var decodedBytes = 0

    init(
        encoding: String?, requestTime: Int64, isImport: Bool = false, memory: HeldMemory,
        limits: IntakeConfiguration.Limits, sink: @escaping @Sendable (Delivery) async -> DeliveryOutcome
    ) {
        self.limits = limits
        self.isImport = isImport
        self.sink = sink
        share = MemoryShare(of: memory)
        body = IntakeBody(encoding: encoding, requestTime: requestTime, limits: limits)
        room = limits.discardedBytes
    }

    /// Reads the body to its end, also where nothing of it counts any more, within bounds.
    mutating func read<Pieces: AsyncSequence>(_ pieces: Pieces) async where Pieces.Element == ByteBuffer {
        var end = IntakeBody.End.complete
        do {
            for try await piece in pieces {
                await receive(piece)
                guard room >= 0 else { return }
            }
            try Task.checkCancellation()
        } catch is RequestTimedOut {
            end = .failed(.late, "request timed out")
        } catch let error as HTTPParserError where error != .invalidEOFState {
            end = .failed(.brokenOff, "the request body is not framed as it says it is")
        } catch {
            end = .failed(.brokenOff, "the connection broke off")
        }
        while !body.end(end) { await storePart() }
    }

    private mutating func receive(_ piece: ByteBuffer) async {
        var piece = piece
        receivedBytes += piece.readableBytes
        if body.isOver { room -= piece.readableBytes }
        guard room >= 0 else { return }
        repeat {
            body.partBytes = share.memory.isTight ? limits.partBytes / 8 : limits.partBytes
            let taken = piece.withUnsafeReadableBytes { body.receive($0) }
            piece.moveReaderIndex(forwardBy: taken)
            if body.isFull {
                await storePart()
            } else if !share.resize(to: body.heldBytes) {
                // What was decoded can be handed over; who still holds more than a little then has to go.
                await storePart()
                if body.heldBytes > Self.little, share.memory.count > limits.heldBytes { refuse(.queueFull) }
            }
        } while !body.isOver && (piece.readableBytes > 0 || body.isPaused)
    }

    /// A request that holds no more than so many bytes goes on even where there is no room.
    private static let little = 24 << 10

    /// Stores the whole lines that were taken so far.
    private mutating func storePart() async {
        do throws(CompressionError) {
            if let part = try body.part() { await store(part) }
        } catch {
            refuse(.failed(error.message))
        }
        _ = share.resize(to: body.heldBytes)
    }

    /// Stores the rest, or says why that is not done.
    mutating func end() async {
        failure = body.failure
        status = body.status
        look()
        if case .undecodable = failure { return }
        guard refusal == nil else { return }
        do throws(CompressionError) {
            let rest = try body.delivery()
            if rest.isEmpty { losses = rest.losses } else { await store(rest) }
        } catch {
            refusal = .failed(error.message)
        }
    }

    private mutating func store(_ delivery: Delivery) async {
        let count = delivery.batch.events.count + delivery.batch.sideEvents.count
        let sender = delivery.batch.processes.first.map { delivery.batch.symbols[$0.service] }
        // From here on it counts as what waits to be committed.
        _ = share.resize(to: body.heldBytes)
        var delivery = delivery
        delivery.isImport = isImport
        switch await sink(delivery) {
        case .stored(let known, let conflicting):
            stored += count
            duplicates += known
            conflicts += conflicting
            return
        case .queueFull: refuse(.queueFull)
        case .shuttingDown: refuse(.shuttingDown)
        case .failed(let reason): refuse(.failed(reason))
        }
        service = sender
    }

    /// Keeps what the body says of itself so far: it forgets that when it is handed out, or dropped.
    private mutating func look() {
        guard body.decodedSize >= decodedBytes, body.decodedSize > 0 else { return }
        result = body.result
        decodedBytes = body.decodedSize
    }

    private mutating func refuse(_ reason: Refusal) {
        refusal = reason
        look()
        body.drop()
    }
}

/// The client did not send its request within the time that it has for that.
struct RequestTimedOut: Error {}
