/// Where in a line a value stands, as far as pseudonyms depend on it.
enum ElasticLinePlace {
    /// The line's own object.
    case root
    /// The event's object, or the metadata's.
    case event
    case context, request, url
    /// A user's object.
    case user
    /// What is said of a user beside the id.
    case userMember
    case labels
    /// What may hold any value.
    case any
    case droppedSpans
    /// Something with free members, of which some may hold any value.
    case free
    /// What never changes.
    case kept

    /// The place of a value, by its key.
    func place(below key: [UInt8], _ kind: ElasticLineKind) -> ElasticLinePlace {
        func isOne(of known: String...) -> Bool { known.contains { JSONText.isKey(key, $0) } }
        switch self {
        case .root: return isOne(of: kind.rawValue) ? .event : .free
        case .event: return Self.member(isOne, kind) ?? (key.isUserMember && kind == .log ? .userMember : .free)
        case .context:
            if isOne(of: "user") { return .user }
            if isOne(of: "tags") { return .labels }
            if isOne(of: "service") { return .kept }
            if isOne(of: "custom") { return .any }
            return isOne(of: "request") ? .request : .free
        case .request:
            if isOne(of: "url") { return .url }
            return isOne(of: "body", "cookies", "env") ? .any : .free
        case .url: return isOne(of: "port") ? .kept : .free
        case .droppedSpans: return isOne(of: "outcome") ? .kept : .droppedSpans
        case .free: return isOne(of: "attributes", "vars") ? .any : .free
        case .user, .userMember, .labels, .any, .kept: return self
        }
    }

    /// The place of a member of the event, nil where it is any other.
    private static func member(_ isOne: (String...) -> Bool, _ kind: ElasticLineKind) -> ElasticLinePlace? {
        switch kind {
        case .metadata:
            if isOne("user") { return .user }
            if isOne("labels") { return .labels }
            return isOne("service", "system") ? .kept : nil
        case .log:
            if isOne("user", "user.id") { return .user }
            if isOne("labels") { return .labels }
            return isOne(
                "@timestamp", "trace.id", "transaction.id", "span.id", "service", "service.name", "service.version",
                "service.environment", "service.node.name") ? .kept : nil
        case .metricset:
            if isOne("tags") { return .labels }
            return isOne("timestamp", "samples", "service") ? .kept : nil
        case .transaction, .span, .error:
            if isOne("context") { return .context }
            if isOne("dropped_spans_stats") { return .droppedSpans }
            return isOne(
                "id", "trace_id", "parent_id", "transaction_id", "child_ids", "links", "type", "subtype", "action",
                "timestamp", "outcome", "composite") ? .kept : nil
        }
    }
}

extension [UInt8] {
    /// Whether a key has `user` in it, in whatever case.
    var containsUser: Bool {
        indices.dropLast(3).contains { JSONText.isKey(self[$0..<$0 + 4], "user") }
    }

    /// Whether it is a key such as `user.name`.
    fileprivate var isUserMember: Bool { count > 5 && JSONText.isKey(self[..<5], "user.") }
}
