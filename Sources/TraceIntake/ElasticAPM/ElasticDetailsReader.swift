import TraceCore

/// Takes values out of a line's tree, each into the member that it is shown in; what is left are the fields.
///
/// A value that isn't of the type its member wants is left.
struct ElasticDetailsReader {
    /// The longest path, in bytes, below which values are fields of their own. What lies deeper is one field, as
    /// JSON: else the paths of a line could take many times the line's room.
    private static let longestPath = 256

    private var tree: JSONTree
    /// The event's object.
    let event: Int
    private let kind: ElasticLineKind
    /// By node: whether it was taken.
    private var taken: [Bool]

    /// Nil where the line has no such object.
    init?(_ line: [UInt8], _ kind: ElasticLineKind) {
        guard var tree = JSONTree(line), let event = tree.member(kind.rawValue, of: JSONTree.root),
            tree.kind(of: event) == .object
        else { return nil }
        self.tree = tree
        self.event = event
        self.kind = kind
        taken = [Bool](repeating: false, count: tree.count)
    }

    mutating func read() -> EventDetails {
        var details = EventDetails()
        details.json = tree.json(of: event)
        switch kind {
        case .metadata: break
        case .transaction:
            details.http = request()
            details.links = links()
            details.droppedSpans = droppedSpans()
        case .span:
            details.database = database()
            details.http = call()
            details.stack = frames(of: event)
            details.links = links()
            details.composite = composite()
        case .error: details.error = error(event)
        case .metricset: details.samples = samples()
        case .log: details.message = text("message", of: event)
        }
        for key in rowKeys { take(key, of: event) }
        details.fields = fields()
        return details
    }

    /// What is shown from the event's row.
    private var rowKeys: [String] {
        switch kind {
        case .metadata: []
        case .transaction:
            ["id", "trace_id", "parent_id", "name", "type", "timestamp", "duration", "outcome", "sampled"]
        case .span:
            [
                "id", "trace_id", "parent_id", "transaction_id", "name", "type", "subtype", "action", "timestamp",
                "start", "duration", "outcome",
            ]
        case .error: ["id", "trace_id", "parent_id", "transaction_id", "timestamp"]
        case .metricset: ["timestamp"]
        case .log: ["@timestamp", "trace.id", "transaction.id", "span.id"]
        }
    }

    /// What was not taken, in the order sent. Nulls say nothing.
    func fields() -> [EventDetails.Field] {
        var fields: [EventDetails.Field] = []
        /// The next member or element of each object and array that is open, and the path to it.
        var open: [(next: Int?, isArray: Bool, position: Int, pathLength: Int)] = []
        var path: [UInt8] = []
        open.append((tree.firstChild(of: event), false, 0, 0))
        while let last = open.last {
            path.removeSubrange(last.pathLength...)
            guard let node = last.next else {
                open.removeLast()
                continue
            }
            open[open.count - 1].next = tree.next(behind: node)
            open[open.count - 1].position += 1
            if last.isArray {
                path += "[\(last.position)]".utf8
            } else {
                if open.count > 1 { path.append(UInt8(ascii: ".")) }
                path += tree.key(of: node).utf8
            }
            if taken[node] || tree.kind(of: node) == .null { continue }
            if !tree.isContainer(node) {
                fields.append(EventDetails.Field(path: Self.text(path), value: tree.text(of: node)))
            } else if path.count > Self.longestPath {
                fields.append(EventDetails.Field(path: Self.text(path), value: tree.json(of: node)))
            } else {
                open.append((tree.firstChild(of: node), tree.kind(of: node) == .array, 0, path.count))
            }
        }
        return fields
    }

    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}

/// Taking values. Keys are in lower case; an object that isn't there has no members.
extension ElasticDetailsReader {
    mutating func member(_ key: String, of object: Int?) -> Int? {
        object.flatMap { tree.member(key, of: $0) }
    }

    /// The member at the end of some keys below the event.
    mutating func member(at keys: String...) -> Int? {
        var node: Int? = event
        for key in keys { node = member(key, of: node) }
        return node
    }

    /// The elements of an array below the event or another object.
    mutating func elements(_ key: String, of object: Int?) -> [Int] {
        guard let array = member(key, of: object), tree.kind(of: array) == .array else { return [] }
        return tree.children(of: array)
    }

    /// The members of an object below the event, with their keys.
    mutating func members(_ key: String) -> [(key: String, node: Int)] {
        guard let object = member(at: key), tree.kind(of: object) == .object else { return [] }
        return tree.children(of: object).map { (tree.key(of: $0), $0) }
    }

    /// Takes a scalar, whatever it is.
    mutating func take(_ key: String, of object: Int?) {
        guard let node = member(key, of: object), !tree.isContainer(node) else { return }
        taken[node] = true
    }

    mutating func text(_ key: String, of object: Int?) -> String? { take(key, of: object, as: [.string]) }

    /// The digits of a number.
    mutating func number(_ key: String, of object: Int?) -> String? { take(key, of: object, as: [.number]) }

    mutating func textOrNumber(_ key: String, of object: Int?) -> String? {
        take(key, of: object, as: [.string, .number])
    }

    mutating func boolean(_ key: String, of object: Int?) -> Bool? {
        take(key, of: object, as: [.yes, .no]).map { $0 == "true" }
    }

    mutating func integer(_ key: String, of object: Int?) -> Int64? {
        guard let node = member(key, of: object), tree.kind(of: node) == .number, let value = Int64(tree.text(of: node))
        else { return nil }
        taken[node] = true
        return value
    }

    /// The digits of an array's numbers; nil where one of its elements is none.
    mutating func numbers(_ key: String, of object: Int?) -> [(node: Int, text: String)]? {
        let elements = elements(key, of: object)
        guard elements.allSatisfy({ tree.kind(of: $0) == .number }) else { return nil }
        return elements.map { ($0, tree.text(of: $0)) }
    }

    mutating func take(_ node: Int) { taken[node] = true }

    private mutating func take(_ key: String, of object: Int?, as kinds: [JSONTree.Kind]) -> String? {
        guard let node = member(key, of: object), kinds.contains(tree.kind(of: node)) else { return nil }
        taken[node] = true
        return tree.text(of: node)
    }
}
