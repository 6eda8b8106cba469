/// A JSON value in the plainest form, members in the order sent and as often as sent.
indirect enum PlainJSON {
    case null, boolean(Bool), number(String), string([UInt8]), array([PlainJSON]), object([Member])

    struct Member {
        var key: [UInt8]
        var value: PlainJSON
    }

    /// Values nested deeper are not built, so that they can be gone through by recursion.
    static let deepest = 200

    /// The value with members of the same key merged: of each key the last value that isn't null, or all members of
    /// objects that follow each other.
    var merged: PlainJSON {
        switch self {
        case .array(let elements): return .array(elements.map(\.merged))
        case .object(let members):
            var result: [Member] = []
            var places: [[UInt8]: Int] = [:]
            for member in members {
                guard let place = places[member.key] else {
                    places[member.key] = result.count
                    result.append(member)
                    continue
                }
                switch (result[place].value, member.value) {
                case (_, .null): break
                case (.object(let first), .object(let second)): result[place].value = .object(first + second)
                case (_, let later): result[place].value = later
                }
            }
            return .object(result.map { Member(key: $0.key, value: $0.value.merged) })
        default: return self
        }
    }

    /// Puts a value together from its tokens.
    struct Builder {
        private(set) var value: PlainJSON?
        private var open: [(isObject: Bool, members: [Member])] = []
        private var key: [UInt8] = []
        private var keys: [[UInt8]] = []

        mutating func key(_ bytes: [UInt8]) { key = bytes }

        mutating func open(isObject: Bool) {
            keys.append(key)
            open.append((isObject, []))
        }

        mutating func close() {
            guard let last = open.popLast(), let outer = keys.popLast() else { return }
            key = outer
            add(last.isObject ? .object(last.members) : .array(last.members.map(\.value)))
        }

        mutating func add(_ scalar: PlainJSON) {
            if open.isEmpty {
                value = scalar
            } else {
                open[open.count - 1].members.append(Member(key: key, value: scalar))
            }
        }
    }
}
