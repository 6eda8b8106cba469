import Foundation
import TraceCore
import TraceIntake

/// A line of a real stream, with the metadata it came under.
struct SampleLine {
    var metadata: [UInt8]
    var line: [UInt8]
    var kind: ElasticLineKind

    /// What the intake makes of it.
    var intake: Intake { Self.intake(metadata, line) }

    static func intake(_ metadata: [UInt8], _ line: [UInt8]) -> Intake { Intake(metadata + [10] + line + [10]) }

    /// The events of a stream that are accepted.
    static func of(_ body: [UInt8]) -> [SampleLine] {
        var lines = body.split(separator: 10).map(Array.init)
        guard !lines.isEmpty else { return [] }
        let metadata = lines.removeFirst()
        return lines.compactMap { line in
            let type = String(decoding: line, as: UTF8.self).split(separator: "\"").dropFirst().first ?? ""
            guard let kind = ElasticLineKind(rawValue: String(type)) else { return nil }
            let sample = SampleLine(metadata: metadata, line: line, kind: kind)
            return sample.intake.result.accepted == 1 ? sample : nil
        }
    }

    /// The events of the traces that come with the program.
    static func ofSampleTraces() throws -> [SampleLine] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("sample-traces")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.filter { $0.pathExtension == "ndjson" }.sorted { $0.path < $1.path }
            .flatMap { of([UInt8](try Data(contentsOf: $0))) }
    }

    /// The events of upstream's streams, without those that are there for their size.
    static func ofFixtures() throws -> [SampleLine] {
        try Fixtures.expectations.map(\.file).filter { !$0.contains("heavy") && !$0.contains("huge") }
            .flatMap { of(try Fixtures.read($0)) }
    }
}

extension Intake {
    /// What rows and metadata say, where they stand in a stream apart; a user as `describing` has it.
    func rows(user describing: (String) -> String = { $0 }) -> [String] {
        func text(_ symbol: Symbol?) -> String { batch.symbols.text(symbol) ?? "-" }
        func user(_ symbol: Symbol?) -> String { batch.symbols.text(symbol).map(describing) ?? "-" }
        let processes = batch.processes.map { process in
            "process \(text(process.service)) \(text(process.version)) \(text(process.environment)) "
                + "\(text(process.host)) \(process.pid ?? -1) \(text(process.node)) \(text(process.agent)) "
                + "\(user(process.user)) \(process.labels.map(describe))"
        }
        let events = batch.events.map { event in
            "\(event.kind) \(event.id) \(String(describing: event.parent)) \(String(describing: event.transaction)) "
                + "\(text(event.name)) \(text(event.type)) \(text(event.subtype)) \(text(event.action)) "
                + "\(text(event.service)) \(text(event.version)) \(user(event.user)) \(event.start) "
                + "\(event.offset ?? -1) \(event.duration) \(event.outcome) \(event.sampled) \(event.dropped) "
                + "\(event.messageAge) \(event.compressed) \(batch.labels[event.labels].map(describe))"
        }
        let sides = batch.sideEvents.map { event in
            "\(event.kind) \(String(describing: event.id)) \(String(describing: event.transaction)) "
                + "\(String(describing: event.parent)) \(event.trace ?? -1) \(event.timestamp)"
        }
        return processes + events + sides + batch.traces.map { "\($0)" } + messages
    }
}
