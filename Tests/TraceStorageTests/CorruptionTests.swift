import Foundation
import TestSupport
import Testing
import TraceCompression
import TraceCore

@testable import TraceStorage

@Suite("Damaged databases")
struct CorruptionTests {
    /// A database that has something in every table.
    private static func sound() async throws -> (bytes: [UInt8], log: [UInt8]) {
        let database = try TemporaryDatabase()
        let writer = try database.writer()
        for number in 0..<6 {
            var batch = EventBatch.random(seed: UInt64(number)).renamed("run \(number % 4)")
            batch.processes[0].line = Array("line \(number)".utf8)
            for kind in [SideEvent.Kind.error, .metricset, .log] {
                batch.sideEvent(kind, id: "\(number)", of: "run \(number % 4)", digest: UInt64(number))
                batch.sideEvent(kind, id: "\(number)", of: nil, digest: UInt64(number * 3) + UInt64(kind.rawValue))
            }
            let text = Array(String(repeating: "a line of \(number)\n", count: 300).utf8)
            var losses = LossTally()
            losses.note("a reason", .lines, .init(time: 1, service: "s", line: 1, document: Array("{".utf8)))
            _ = await writer.store(
                Delivery(
                    batch: batch,
                    body: ReceivedBody(encoding: .gzip, bytes: try Deflater.gzip(text), decodedSize: text.count),
                    requestTime: Int64(number), losses: losses))
            if number == 3 {
                var keeper = FigureKeeper(writer, path: database.path)
                try await keeper.sweep(quietBefore: .max)
                #expect(try await writer.checkpoint())
            }
        }
        let files = (database.bytes(), database.bytes(of: database.path + "-wal"))
        await writer.close()
        return (try #require(files.0), try #require(files.1))
    }

    /// Reads all there is by every way there is.
    private func readAll(_ path: String) throws {
        let reader = try TraceReader(path: path)
        try reader.read { snapshot in
            // Each on its own: what is damaged for one is not for the next.
            for selection in [RunSelection.all, .latest(0), .latest(3), .tracePrefix("run"), .version("v")] {
                _ = try? snapshot.runs(selection)
            }
            for run in (try? snapshot.runs(.all)) ?? [] {
                if let trace = try? snapshot.trace(run, withSurroundings: true) {
                    let analysis = TraceAnalysis(trace)
                    _ = RunFigures(analysis).encoded()
                    _ = WaterfallTree(trace).rows.count
                    _ = try? snapshot.lines(trace.events.prefix(20).map(\.line))
                }
                _ = try? snapshot.withFigures(of: run) { RunFigures(decoding: $0)?.tasks.count }
                if let runs = try? snapshot.runsWithoutFigures() { _ = try? runs.eventCount(run.number) }
            }
            for text in ["1", "s", "0a"] {
                guard let found = try? snapshot.events(withID: text) else { continue }
                for event in found.events { _ = try? snapshot.untraced(event) }
            }
            _ = (try? snapshot.information())?.events
            _ = try? snapshot.forEachBody { _ in }
            _ = snapshot.integrityProblems()
        }
    }

    /// Opens a damaged database in every way, for writing where asked. What is said of it is one line that names it.
    private func tryAll(_ database: TemporaryDatabase, writing: Bool = true, _ what: String) async throws {
        func isSaid(_ error: any Error) {
            let message = (error as? StorageError)?.message ?? ""
            #expect(message.contains(database.path) && !message.contains("\n"), "\(what): \(error)")
        }
        let before = (database.bytes(), database.bytes(of: database.path + "-wal"))
        do { try readAll(database.path) } catch { isSaid(error) }
        let isUnread = database.bytes() == before.0
        #expect(isUnread, "\(what): a reader changed it")
        guard writing else { return }
        do {
            let writer = try database.writer()
            let batch = EventBatch.random(seed: 3).renamed("run 3")
            for batch in [batch, EventBatch.run("new")] { _ = await writer.store(batch) }
            var keeper = FigureKeeper(writer, path: database.path)
            do { try await keeper.sweep(quietBefore: .max) } catch { isSaid(error) }
            await writer.close()
        } catch {
            isSaid(error)
            // Of one that is ours the log may have been moved into the file before the damage showed.
            switch error as? StorageError {
            case .notOurs, .newerSchema:
                let isUnchanged = database.bytes() == before.0
                #expect(isUnchanged, "\(what): refused, but changed")
                return
            default: break
            }
        }
        do { try readAll(database.path) } catch { isSaid(error) }
    }

    @Test("bytes that flip anywhere, in the file and in the log: read as far as it goes, or refused")
    func flips() async throws {
        let sound = try await Self.sound()
        var generator = SeededGenerator(seed: 20)
        for round in 0..<200 {
            let database = try TemporaryDatabase()
            var (bytes, log) = sound
            for _ in 0..<(round % 3 == 0 ? 1 : 20) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
                if round % 2 == 0 { log[Int.random(in: 0..<log.count, using: &generator)] ^= 0x11 }
            }
            try database.write(bytes)
            try Data(log).write(to: URL(fileURLWithPath: database.path + "-wal"))
            try await tryAll(database, writing: round % 4 < 2, "round \(round)")
        }
    }

    @Test("pages cut off, zeroed or written over with another's")
    func pages() async throws {
        let sound = try await Self.sound()
        let size = 8_192
        var generator = SeededGenerator(seed: 21)
        for round in 0..<60 {
            let database = try TemporaryDatabase()
            var bytes = sound.bytes
            let page = Int.random(in: 0..<bytes.count / size, using: &generator) * size
            let other = Int.random(in: 0..<bytes.count / size, using: &generator) * size
            switch round % 3 {
            case 0: bytes.removeSubrange((page + round)...)
            case 1: for place in page..<page + size { bytes[place] = 0 }
            default: bytes.replaceSubrange(page..<page + size, with: Array(bytes[other..<other + size]))
            }
            try database.write(bytes)
            try await tryAll(database, "round \(round)")
        }
    }

    @Test("values that no writer writes, in sound pages")
    func values() async throws {
        let sound = try await Self.sound()
        var generator = SeededGenerator(seed: 22)
        let numbers = ["9223372036854775807", "-9223372036854775808", "-1", "1.5e300", "x'00ff'", "''"]
        let columns = [
            "transactions": ["run", "start_us", "dropped", "labels", "line_offset", "line_length", "body", "process"],
            "parts": ["spans", "start_us", "data", "selectors", "body"], "processes": ["identity", "labels", "pid"],
            "bodies": ["decoded_size", "encoding", "data", "request_us"], "figures": ["data", "run"],
            "runs": ["start_us", "request_us", "parented", "trace_id", "id"], "run_ids_end": ["run"],
            "losses": ["count", "unit"], "side_events": ["time_us", "kind", "id"], "strings": ["id", "text"],
        ]
        for (table, columns) in columns.sorted(by: { $0.key < $1.key }) {
            for column in columns {
                for number in numbers where Int.random(in: 0..<3, using: &generator) == 0 {
                    let database = try TemporaryDatabase()
                    try database.write(sound.bytes)
                    // What the table's rules refuse cannot come to stand there without damage.
                    let set = "PRAGMA foreign_keys = OFF; UPDATE OR IGNORE \(table) SET \(column) = \(number)"
                    guard (try? database.execute(set)) != nil else { continue }
                    try await tryAll(database, "\(table).\(column) = \(number)")
                }
            }
        }
    }
}
