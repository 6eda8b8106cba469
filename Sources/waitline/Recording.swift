import TraceCore
import TraceStorage

/// Stores what an intake takes in, and keeps in mind what that was.
actor Recording {
    /// What has come, and what has become of it.
    struct Contents {
        /// Of all events that were stored, or had been stored before.
        var traces: Set<Identifier> = []
        /// What the intake did not take; nil where it took everything.
        var rejections: String? {
            guard let first = losses.entries.first(where: { $0.unit != .oddTimes }) else { return nil }
            let parts = [(LossTally.Unit.lines, "line", "lines"), (.requests, "request", "requests")].compactMap {
                unit, name, names in
                let count = losses.count(unit)
                return count > 0 ? CountText.text(count, name, names) : nil
            }
            return "\(parts.joined(separator: " and ")) rejected of what was sent: \(first.reason)"
        }
        /// What was taken with times that are hardly meant, and what is lost since others with its ids came first.
        var warnings: [String] {
            let times = losses.entries.filter { $0.unit == .oddTimes }.map { entry in
                "\(CountText.text(entry.count, "event", "events")) of what was sent: \(entry.reason)"
            }
            return times + [TraceFile.conflicts(conflicts, of: "what was sent")].compactMap(\.self)
        }
        fileprivate var conflicts = 0
        /// Why something could not be stored, the first time; nil where all could be.
        var failure: String?
        fileprivate var losses = LossTally()
    }

    private(set) var contents = Contents()
    private let destination: ImportDestination

    init(_ destination: ImportDestination) { self.destination = destination }

    /// Stores a delivery, as the sink of an intake.
    func store(_ delivery: Delivery) async -> DeliveryOutcome {
        contents.losses.absorb(delivery.losses)
        var delivery = delivery
        // It ends with the command.
        delivery.isImport = true
        do {
            let counts = try await destination.store(delivery, metadata: [])
            contents.conflicts += counts.conflicts
            contents.traces.formUnion(delivery.batch.traces)
            return .stored(duplicates: counts.duplicates, conflicts: counts.conflicts)
        } catch {
            let reason = CommandFailure(error)?.message ?? "\(error)"
            contents.failure = contents.failure ?? reason
            return .failed(reason)
        }
    }

    /// Notes what of a request was not taken that brought nothing to store.
    func note(_ losses: LossTally) async {
        contents.losses.absorb(losses)
        if case .database(let writer, _) = destination { await writer.note(losses) }
    }

    func close() async { await destination.close(isComplete: true) }
}

extension Selector {
    /// Exactly these runs.
    init(_ traces: [Identifier]) {
        parts = traces.map { .stored(.tracePrefix($0.text), text: $0.text) }
    }
}
