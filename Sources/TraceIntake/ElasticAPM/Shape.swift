/// An object of the protocol: its members in the order in which they are checked.
struct Shape {
    var fields: [Field]
    /// Names of members of which at least one must be set.
    var anyOf: [String] = []
    /// Whether a member that the protocol doesn't know makes it set, as in a free map.
    var countsUnknownMembers = false

    init(_ fields: [Field], anyOf: [String] = [], countsUnknownMembers: Bool = false) {
        self.fields = fields
        self.anyOf = anyOf
        self.countsUnknownMembers = countsUnknownMembers
    }

    /// Whether nothing of it is kept, and whether it is sound depends on its bytes alone.
    var isSelfContained: Bool {
        fields.allSatisfy { field in
            switch field.rule {
            case .labels, .samples, .causes: false
            case .object(let below), .objectIfAny(let below), .objects(let below): below.isSelfContained
            default: field.capture == .none
            }
        }
    }
}

/// A member of an object: its key, what may stand there, and where it is kept.
struct Field {
    enum Requirement {
        case optional
        /// Must be set wherever the object is.
        case required
        /// Must be set where one of these members is.
        case requiredWith([String])
    }

    var key: String
    var rule: Rule
    var requirement: Requirement = .optional
    /// What the event's row needs of it.
    var capture: Capture = .none

    init(_ key: String, _ rule: Rule, _ requirement: Requirement = .optional, as capture: Capture = .none) {
        self.key = key
        self.rule = rule
        self.requirement = requirement
        self.capture = capture
    }
}

/// What may stand at a place. `null` may stand anywhere and is as good as nothing.
indirect enum Rule {
    /// A string of so many code points.
    case text(atMost: Int, atLeast: Int = 0)
    /// A string of any length.
    case anyText
    /// A service's name: at most 1024 letters, digits, spaces, `_` and `-`; its least length.
    case serviceName(atLeast: Int)
    /// `success`, `failure` or `unknown`.
    case outcome
    /// An integer token of 64 bits, not below a least one.
    case integer(atLeast: Int64 = .min)
    /// A number, not below a least one. `NaN`, which is no JSON and yet sent, is as good as nothing.
    case number(atLeast: Double = -.infinity)
    case boolean
    /// An integer of µs since the epoch, or an RFC 3339 text.
    case timestamp
    /// A string of at most 1024 code points, or an integer.
    case textOrInteger
    /// An integer, or one written as a string.
    case port
    /// An object of a known shape.
    case object(Shape)
    /// An array of such objects, none of which may be empty.
    case objects(Shape)
    /// An array of objects of the shape this stands in.
    case causes
    /// An array of strings of at most so many code points.
    case texts(atMost: Int)
    /// An array of numbers.
    case numbers
    /// An array of integers that are not negative.
    case counts
    /// An object of strings of at most 1024 code points, numbers, booleans and nulls.
    case labels
    /// An object of strings and arrays of strings.
    case headers
    /// An object of anything.
    case map
    /// An object of objects of numbers.
    case marks
    /// A string or an object of anything.
    case body
    /// Anything.
    case any
    /// An object of samples of a shape, under keys without `*` and `"`.
    case samples(Shape)
    /// A string of at most so many code points, or something else that doesn't count.
    case textIfAny(atMost: Int)
    /// An object of a known shape, or something else that doesn't count.
    case objectIfAny(Shape)

    /// A string of at most 1024 code points, the protocol's usual one.
    static var text: Rule { .text(atMost: 1024) }
}

/// What the rows of the model are made of.
enum Capture: UInt8 {
    case none
    case id, traceID, parentID, transactionID, name, type, subtype, action
    case service, version, userID, user, outcome, statusCode, duration, timestamp, start, sampled, dropped
    case messageAge, composite
    case environment, node, container, agent, configuredHost, detectedHost, host, process
    case transaction, selfTime
}
