import Logging
import ServiceLifecycle
import TraceCore

@testable import TraceServer

/// A server on a port of its own, and what reached its sink.
struct RunningServer: Sendable {
    let address: ServerAddress
    let sink: RecordingSink
    private let group: ServiceGroup

    /// Starts the shutdown, without waiting for its end.
    func beginShutdown() async { await group.triggerGracefulShutdown() }

    func client(secretToken: String? = nil) -> IntakeClient {
        IntakeClient(address: address, secretToken: secretToken, timeout: .seconds(240))
    }

    func connect() throws -> RawConnection { try RawConnection(port: address.port) }

    /// Runs a server for as long as `body` takes, and shuts it down.
    static func run(
        sink: RecordingSink = RecordingSink(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout IntakeConfiguration) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        var configuration = IntakeConfiguration()
        configuration.address.port = 0
        // On a machine under load, nobody is late who did not mean to be.
        configuration.limits.headTime = .seconds(300)
        configuration.limits.bodyTime = .seconds(300)
        configuration.limits.answerTime = .seconds(300)
        configure(&configuration)
        let (addresses, listening) = AsyncStream.makeStream(of: ServerAddress.self)
        let server = IntakeServer(
            configuration: configuration, sink: { await sink.receive($0) }, losses: { await sink.note($0) },
            status: { await sink.status }, logger: logger, now: { 1_700_000_000_000_000 },
            onListening: { listening.yield($0) })
        let group = ServiceGroup(
            services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { listening.finish() }
                try await group.run()
            }
            guard let address = await addresses.first(where: { _ in true }) else {
                return try await tasks.waitForAll()
            }
            try await body(RunningServer(address: address, sink: sink, group: group))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

extension IntakeConfiguration {
    /// The one secret token that clients have to show; nil lets everyone in.
    var secretToken: String? {
        get { nil }
        set {
            credentials = Credentials()
            // A text that is no token would leave the server open, which every test that sets one would see.
            if let newValue { try? credentials.addSecretToken(newValue) }
        }
    }
}

/// Records deliveries instead of storing them.
actor RecordingSink {
    private(set) var deliveries: [Delivery] = []
    /// What was lost of requests that brought nothing.
    private(set) var losses = LossTally()
    /// What it says of how it is doing.
    private(set) var status = StoreStatus()
    private let outcomes: [DeliveryOutcome]
    private let gate: Gate?

    /// With a gate, deliveries wait there.
    init(outcome: DeliveryOutcome = .stored(duplicates: 0), gate: Gate? = nil, status: StoreStatus = StoreStatus()) {
        outcomes = [outcome]
        self.status = status
        self.gate = gate
    }

    /// One outcome after another, the last of them again and again.
    init(outcomes: [DeliveryOutcome]) {
        self.outcomes = outcomes
        gate = nil
    }

    func receive(_ delivery: Delivery) async -> DeliveryOutcome {
        deliveries.append(delivery)
        let outcome = outcomes[min(deliveries.count, outcomes.count) - 1]
        await gate?.pass()
        return outcome
    }

    func set(_ status: StoreStatus) { self.status = status }

    func note(_ lost: LossTally) { losses.absorb(lost) }
}

/// Stops whoever comes until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var watching: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { continuation in
            waiting.append(continuation)
            watching.forEach { $0.resume() }
            watching = []
        }
    }

    /// Returns when someone waits.
    func arrival() async {
        guard waiting.isEmpty else { return }
        await withCheckedContinuation { watching.append($0) }
    }

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting = []
    }
}
