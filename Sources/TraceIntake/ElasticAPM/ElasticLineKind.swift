package import TraceCore

/// What a stored line is; the raw value is the key that its object stands under.
package enum ElasticLineKind: String, Sendable, CaseIterable {
    case metadata, transaction, span, error, metricset, log

    package init(_ kind: Event.Kind) {
        switch kind {
        case .transaction: self = .transaction
        case .span: self = .span
        }
    }

    package init(_ kind: SideEvent.Kind) {
        switch kind {
        case .error: self = .error
        case .metricset: self = .metricset
        case .log: self = .log
        }
    }

    /// The key of the time at which the event was.
    var timestampKey: String { self == .log ? "@timestamp" : "timestamp" }
}
