/// A line's JSON value as a tree, with its members in the order sent and its numbers in the digits sent.
///
/// The nodes lie in one array, and all that goes through them does so without recursion, so that a value may be
/// nested as deep as the intake lets it. Keys are unique: of those that come twice in an object, the last value
/// that isn't null counts, and the members of objects merge, as `EventDecoder` has it.
struct JSONTree {
    enum Kind {
        case object, array, string, number, yes, no, null
    }

    private struct Node {
        var kind: Kind
        /// The decoded key and the scalar's text, as ranges of `bytes`.
        var key: Range<Int>
        var text: Range<Int>
        var firstChild: Int?
        var lastChild: Int?
        var next: Int?
    }

    /// The outermost value.
    static let root = 0
    private var nodes: [Node] = []
    private var bytes: [UInt8] = []

    /// Reads the value that a line begins with; nil where there is none.
    init?(_ line: [UInt8]) {
        do throws(JSONFailure) {
            try JSONTokens.read(line) { (tokens, _) throws(JSONFailure) in try append(&tokens) }
        } catch {
            return nil
        }
        mergeDuplicates(from: Self.root)
    }

    private mutating func append(_ tokens: inout JSONTokens) throws(JSONFailure) {
        var parents: [Int] = []
        var key = 0..<0
        while let token = try tokens.next() {
            let kind: Kind
            switch token.kind {
            case .end:
                parents.removeLast()
                continue
            case .key:
                key = keep(token.text)
                continue
            case .object: kind = .object
            case .array: kind = .array
            case .string: kind = .string
            case .number: kind = .number
            case .yes: kind = .yes
            case .no: kind = .no
            case .null: kind = .null
            }
            let node = nodes.count
            nodes.append(Node(kind: kind, key: key, text: keep(token.text)))
            if let parent = parents.last { adopt(node, by: parent) }
            if kind == .object || kind == .array { parents.append(node) }
            key = 0..<0
        }
    }

    private mutating func keep(_ text: JSONText) -> Range<Int> {
        let start = bytes.count
        if text.isEscaped { bytes += text.decoded } else { bytes += text.sent }
        return start..<bytes.count
    }

    /// Makes a node, with those behind it, the last of another's children.
    private mutating func adopt(_ first: Int, through last: Int? = nil, by parent: Int) {
        if let before = nodes[parent].lastChild { nodes[before].next = first } else { nodes[parent].firstChild = first }
        nodes[parent].lastChild = last ?? first
    }

    /// How many nodes there are, whether they count or not.
    var count: Int { nodes.count }

    func kind(of node: Int) -> Kind { nodes[node].kind }

    /// Whether the node is an object or an array.
    func isContainer(_ node: Int) -> Bool { nodes[node].kind == .object || nodes[node].kind == .array }

    /// The key of an object's member; empty for an element of an array.
    func key(of node: Int) -> String { String(decoding: bytes[nodes[node].key], as: UTF8.self) }

    /// The text of a scalar: of a string what it says, of a number its digits.
    func text(of node: Int) -> String {
        switch nodes[node].kind {
        case .yes: "true"
        case .no: "false"
        case .null: "null"
        default: String(decoding: bytes[nodes[node].text], as: UTF8.self)
        }
    }

    func firstChild(of node: Int) -> Int? { nodes[node].firstChild }

    /// The child behind one of the same parent.
    func next(behind node: Int) -> Int? { nodes[node].next }

    /// The members of an object or the elements of an array.
    func children(of node: Int) -> [Int] {
        var children: [Int] = []
        var child = nodes[node].firstChild
        while let current = child {
            children.append(current)
            child = nodes[current].next
        }
        return children
    }

    /// The member of an object under a key of the protocol, given in lower case: keys match in whatever case, and
    /// those that differ in nothing else are one. Nil where there is none, or no object.
    mutating func member(_ key: String, of object: Int) -> Int? {
        guard nodes[object].kind == .object else { return nil }
        var found: Int?
        var merges = false
        var before: Int?
        for child in children(of: object) {
            guard JSONText.isKey(bytes[nodes[child].key], key) else {
                before = child
                continue
            }
            if let found {
                absorb(child, into: found)
                remove(child, behind: before, of: object)
                merges = true
            } else {
                found = child
                before = child
            }
        }
        if merges, let found { mergeDuplicates(from: found) }
        return found
    }

    /// Merges members of the same key, in an object and all that are in it.
    private mutating func mergeDuplicates(from start: Int) {
        var pending = [start]
        while let node = pending.popLast() {
            if nodes[node].kind == .object { mergeMembers(of: node) }
            var child = nodes[node].firstChild
            while let current = child {
                if isContainer(current) { pending.append(current) }
                child = nodes[current].next
            }
        }
    }

    private mutating func mergeMembers(of object: Int) {
        guard nodes[object].firstChild != nodes[object].lastChild else { return }
        var known: [ArraySlice<UInt8>: Int] = [:]
        var before: Int?
        var child = nodes[object].firstChild
        while let current = child {
            child = nodes[current].next
            let key = bytes[nodes[current].key]
            if let first = known[key] {
                absorb(current, into: first)
                remove(current, behind: before, of: object)
            } else {
                known[key] = current
                before = current
            }
        }
    }

    /// Lets a later value of a key take the place of an earlier one.
    private mutating func absorb(_ later: Int, into earlier: Int) {
        let node = nodes[later]
        if node.kind == .null { return }
        if node.kind == .object, nodes[earlier].kind == .object {
            if let first = node.firstChild { adopt(first, through: node.lastChild, by: earlier) }
            return
        }
        nodes[earlier].kind = node.kind
        nodes[earlier].text = node.text
        nodes[earlier].firstChild = node.firstChild
        nodes[earlier].lastChild = node.lastChild
    }

    private mutating func remove(_ child: Int, behind before: Int?, of parent: Int) {
        let next = nodes[child].next
        if let before { nodes[before].next = next } else { nodes[parent].firstChild = next }
        if next == nil { nodes[parent].lastChild = before }
    }
}

/// A tree as text.
extension JSONTree {
    /// The value as one line of JSON, which holds nothing that a terminal obeys.
    func json(of start: Int) -> String {
        var writer = JSONLineWriter()
        var open: [Int] = []
        var current = start
        while true {
            if current != start, let parent = open.last, nodes[parent].kind == .object {
                writer.string(bytes[nodes[current].key])
                writer.raw(":")
            }
            if let child = nodes[current].firstChild {
                writer.raw(nodes[current].kind == .object ? "{" : "[")
                open.append(current)
                current = child
                continue
            }
            scalar(current, &writer)
            while true {
                guard let parent = open.last else { return writer.text }
                if let next = nodes[current].next {
                    writer.raw(",")
                    current = next
                    break
                }
                writer.raw(nodes[parent].kind == .object ? "}" : "]")
                open.removeLast()
                current = parent
            }
        }
    }

    private func scalar(_ node: Int, _ writer: inout JSONLineWriter) {
        switch nodes[node].kind {
        case .object: writer.raw("{}")
        case .array: writer.raw("[]")
        case .string: writer.string(bytes[nodes[node].text])
        case .number, .yes, .no, .null: writer.raw(text(of: node))
        }
    }
}
