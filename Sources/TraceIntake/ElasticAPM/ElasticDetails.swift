package import TraceCore

/// Reads what a stored line says beyond its row.
///
/// It takes lines that the intake accepted, byte by byte as they came. Any other line gives what can be read of it;
/// one that is no JSON gives nothing.
package enum ElasticDetails {
    /// The details of a transaction or a span.
    package static func read(_ line: [UInt8], kind: Event.Kind) -> EventDetails {
        read(line, ElasticLineKind(kind))
    }

    /// The details of an error, a metricset or a log.
    package static func read(_ line: [UInt8], kind: SideEvent.Kind) -> EventDetails {
        read(line, ElasticLineKind(kind))
    }

    private static func read(_ line: [UInt8], _ kind: ElasticLineKind) -> EventDetails {
        guard var reader = ElasticDetailsReader(line, kind) else { return EventDetails() }
        return reader.read()
    }

    /// All that a metadata line says of its process, by path: `service.name`, `process.pid`, `labels.region`.
    package static func metadataFields(_ line: [UInt8]) -> [EventDetails.Field] {
        ElasticDetailsReader(line, .metadata)?.fields() ?? []
    }
}
