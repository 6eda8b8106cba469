import TraceCore
import TraceIntake

extension SpanPage {
    /// Reads all that is known of an event: its line and those of what belongs to it.
    init(of found: EventFinder.Found, lines: StoredLines, settings: AnalysisSettings) throws {
        switch found {
        case .event(let index, let trace):
            try self.init(event: index, of: TraceAnalysis(trace, settings: settings), lines)
        case .error(let index, let trace):
            let event = trace.sideEvents[index]
            // A run that only ever had errors has no times of its own.
            let facts =
                trace.events.isEmpty
                ? SideEventFacts(event, trace: trace.id)
                : SideEventFacts(event, in: TraceAnalysis(trace, settings: settings))
            try self.init(side: facts, process: trace.processes[event.process], lines)
        case .untraced(let batch):
            guard let event = batch.sideEvents.first else { throw CommandFailure(.no, "it is no longer stored") }
            try self.init(side: SideEventFacts(event, trace: nil), process: batch.processes[event.process], lines)
        }
    }

    /// Reads all that is known of an event of a run that is analysed already.
    init(event index: Int, of analysis: TraceAnalysis, _ lines: StoredLines) throws {
        let (trace, facts) = (analysis.trace, EventFacts(index, in: analysis))
        let line = try lines.line(facts.row.line)
        self.init(.event(facts), line.map { ElasticDetails.read($0, kind: facts.row.kind) } ?? EventDetails())
        rawLine = line ?? []
        processFields = ElasticDetails.metadataFields(facts.process.line)
        errors = try Self.sides(ErrorPlaces(trace).errors(below: index).map { trace.sideEvents[$0] }, lines)
        if facts.isRoot {
            surroundings = try Self.sides(trace.sideEvents.filter { $0.kind != .error }, lines)
        }
    }

    private init(side facts: SideEventFacts, process: ProcessMetadata, _ lines: StoredLines) throws {
        let line = try lines.line(facts.row.line)
        self.init(.side(facts), line.map { ElasticDetails.read($0, kind: facts.row.kind) } ?? EventDetails())
        rawLine = line ?? []
        processFields = ElasticDetails.metadataFields(process.line)
    }

    private static func sides(_ events: [SideEvent], _ lines: StoredLines) throws -> [Side] {
        zip(events, try lines.lines(events.map(\.line))).compactMap { event, line in
            line.map { Side(event, ElasticDetails.read($0, kind: event.kind)) }
        }
    }
}
