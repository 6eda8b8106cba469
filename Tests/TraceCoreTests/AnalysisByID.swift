import TestSupport
import Testing
import TraceCore

extension TraceAnalysis {
    func breakdown(_ id: String) throws -> Breakdown { try #require(breakdown(trace.index(id))) }

    /// Which of the events wait, by id.
    var waitingIDs: Set<String> {
        Set(zip(trace.events, waiting()).filter(\.1).map(\.0.id.text))
    }

    func releasedBy(_ id: String) -> String? { trace.text(releaser(trace.index(id))) }
}
