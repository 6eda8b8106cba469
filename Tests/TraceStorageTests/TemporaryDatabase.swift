import Foundation
import GRDB
import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

/// A database in a folder of its own, which goes when this goes.
final class TemporaryDatabase: Sendable {
    let folder: String
    let path: String

    init() throws {
        folder = NSTemporaryDirectory() + "waitline-test-\(UUID().uuidString)"
        path = folder + "/waitline.db"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// A writer that waits long for others: how long they take is not what the tests are about.
    func writer(
        limit: Int = TraceWriter.defaultWaitingLimit, lossInterval: Duration = .seconds(1)
    ) throws -> TraceWriter {
        try TraceWriter(path: path, waitingLimit: limit, busySeconds: 300, lossInterval: lossInterval)
    }

    /// A writer that soon finds out whether it works again, and tells `told` what it tells the operator.
    func quickWriter(_ told: Told = Told(), busySeconds: Double = 300) throws -> TraceWriter {
        try TraceWriter(path: path, busySeconds: busySeconds, retryInterval: .milliseconds(50)) { told.note($0) }
    }

    /// What is wrong with it, as `check` says.
    func problems() throws -> [String] { try TraceReader(path: path).read { $0.integrityProblems() } }

    /// Stores deliveries one after the other, then closes.
    @discardableResult
    func store(_ deliveries: Delivery...) async throws -> [DeliveryOutcome] {
        let writer = try writer()
        var outcomes: [DeliveryOutcome] = []
        for delivery in deliveries { outcomes.append(await writer.store(delivery)) }
        await writer.close()
        return outcomes
    }

    /// A connection of another program.
    func stranger() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Calls `body` with a connection of another program, closed afterwards.
    @discardableResult
    func asStranger<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let stranger = try stranger()
        defer { try? stranger.close() }
        return try stranger.writeWithoutTransaction(body)
    }

    /// Runs SQL as another program would.
    func execute(_ sql: String) throws { try asStranger { try $0.execute(sql: sql) } }

    /// How SQLite answers a query, step by step.
    func plan(of sql: String) throws -> [String] {
        try asStranger { db in
            let plan = try Statement("EXPLAIN QUERY PLAN \(sql)", on: db)
            var steps: [String] = []
            try plan.forEachRow { steps.append(plan.text(3) ?? "") }
            return steps
        }
    }

    /// The number of rows of every table.
    func rowCounts() throws -> [String: Int] {
        var configuration = Configuration()
        configuration.readonly = true
        let reader = try DatabaseQueue(path: path, configuration: configuration)
        return try reader.read { db in
            let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            return try Dictionary(
                uniqueKeysWithValues: tables.map { ($0, try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? -1) }
            )
        }
    }

    func runs(_ selection: RunSelection = .all) throws -> [StoredRun] {
        try TraceReader(path: path).read { try $0.runs(selection) }
    }

    /// Every run that is stored, newest first.
    func traces() throws -> [Trace] {
        try TraceReader(path: path).read { snapshot in try snapshot.runs(.all).map { try snapshot.trace($0) } }
    }

    /// What was not taken, by (reason, unit).
    func losses() throws -> [StoredLoss] {
        try asStranger { try StoredLoss.all($0) }
    }

    func bytes(of file: String? = nil) -> [UInt8]? {
        FileManager.default.contents(atPath: file ?? path).map { Array($0) }
    }

    func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

    /// What opening it for writing and for reading says; nil where it opens.
    func refusals() -> (writer: StorageError?, reader: StorageError?) {
        var refusals: (writer: StorageError?, reader: StorageError?)
        do { _ = try TraceWriter(path: path) } catch { refusals.writer = error }
        do { _ = try TraceReader(path: path) } catch { refusals.reader = error }
        return refusals
    }
}

extension EventBatch {
    func delivery(at requestTime: Int64 = 1_000, body: [UInt8] = [1, 2, 3]) -> Delivery {
        Delivery(
            batch: self, body: ReceivedBody(encoding: .gzip, bytes: body, decodedSize: 100), requestTime: requestTime)
    }

    /// An error, metricset or log.
    mutating func sideEvent(_ kind: SideEvent.Kind, id: String? = nil, of trace: String? = "trace", digest: UInt64 = 0)
    {
        sideEvents.append(
            SideEvent(
                kind: kind, trace: trace.map { self.trace(Identifier($0)) }, id: id.map { Identifier($0) },
                transaction: nil, parent: nil, process: 0, timestamp: 5, digest: Digest(high: 7, low: digest),
                line: BodyRange(offset: 0, length: 1)))
    }

    /// A run of two tasks under one parent, whose start is `start`.
    static func run(_ trace: String, start: Int64 = 0, grouped: Bool = true) -> EventBatch {
        .filled { batch in
            for id in ["1", "2"] {
                var event = batch.event(.transaction, id, start: start, duration: 10, of: trace)
                event.parent = grouped ? Identifier("parent") : nil
                batch.events.append(event)
            }
        }
    }
}
