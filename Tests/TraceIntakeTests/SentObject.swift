/// A JSON object to send: members in order, of which single ones are set or removed by their path.
struct SentObject: Sendable {
    private indirect enum Node: Sendable {
        case raw(String)
        case object(SentObject)
    }

    private var members: [(key: String, node: Node)] = []

    init(_ members: KeyValuePairs<String, String> = [:]) {
        for (path, json) in members { set(path, json) }
    }

    /// Sets the member at a path, such as `span_count.started`, to a JSON text; nil removes it.
    func with(_ path: String, _ json: String?) -> SentObject {
        var copy = self
        copy.set(path, json)
        return copy
    }

    /// The object with the keys below its outermost `levels` as `body` makes them.
    func mappingKeys(below levels: Int, _ body: (String) -> String) -> SentObject {
        var copy = self
        copy.members = members.map { key, node in
            let name = levels > 0 ? key : body(key)
            guard case .object(let object) = node else { return (name, node) }
            return (name, .object(object.mappingKeys(below: levels - 1, body)))
        }
        return copy
    }

    /// `/` keeps a dot in a key: `log/level` is the key `log.level`.
    private mutating func set(_ path: String, _ json: String?) {
        set(path.split(separator: ".").map { String($0.replacing("/", with: ".")) }[...], json)
    }

    private mutating func set(_ path: ArraySlice<String>, _ json: String?) {
        guard let key = path.first else { return }
        let place = members.firstIndex { $0.key == key }
        if path.count == 1 {
            if let place { members.remove(at: place) }
            if let json { members.append((key, .raw(json))) }
            return
        }
        var below = SentObject()
        if let place, case .object(let known) = members[place].node { below = known }
        below.set(path.dropFirst(), json)
        if let place { members.remove(at: place) }
        members.append((key, .object(below)))
    }

    /// The object as one line of JSON.
    var json: String {
        let texts = members.map { member in
            let value =
                switch member.node {
                case .raw(let text): text
                case .object(let object): object.json
                }
            return "\"\(member.key)\":\(value)"
        }
        return "{" + texts.joined(separator: ",") + "}"
    }
}

/// The smallest lines that are accepted.
enum Smallest {
    static let metadata = SentObject([
        "metadata.service.name": "\"billing\"", "metadata.service.agent.name": "\"python\"",
        "metadata.service.agent.version": "\"6.26.2\"",
    ])
    static let transaction = SentObject([
        "transaction.id": "\"00000000000000a1\"", "transaction.trace_id": "\"000000000000000000000000000000b1\"",
        "transaction.type": "\"task\"", "transaction.duration": "1.5", "transaction.span_count.started": "0",
    ])
    static let span = SentObject([
        "span.id": "\"00000000000000c1\"", "span.trace_id": "\"000000000000000000000000000000b1\"",
        "span.parent_id": "\"00000000000000a1\"", "span.name": "\"SELECT\"", "span.type": "\"db\"",
        "span.duration": "0.25", "span.timestamp": "1700000000000000",
    ])
    static let error = SentObject(["error.id": "\"e1\"", "error.exception.message": "\"boom\""])
    static let metricset = SentObject(["metricset.samples": #"{"a.b":{"value":1}}"#])
    static let log = SentObject(["log.message": "\"hello\""])

    /// By the key that is a line's type.
    static func of(_ type: String) -> SentObject {
        switch type {
        case "metadata": metadata
        case "transaction": transaction
        case "span": span
        case "error": error
        case "metricset": metricset
        default: log
        }
    }
}
