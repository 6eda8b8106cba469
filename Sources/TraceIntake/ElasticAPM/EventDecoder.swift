/// Decodes and checks one line in one pass: no dictionary, and no allocation where nothing is wrong.
///
/// Each object of the line's shape has a state, which says what members are set. A key that comes twice is
/// read twice, and the last value that isn't null counts; of an object that comes twice, members merge.
struct EventDecoder: ~Copyable {
    /// The state of an object: which members are set, and which of them break a rule.
    struct ObjectState {
        var set: UInt64 = 0
        var bad: UInt64 = 0
    }

    /// A rule that was broken, in the words agents know.
    struct Violation {
        var field: UnsafePointer<CompiledField>
        var message: String
    }

    /// A label as sent.
    struct SentLabel {
        enum Kind {
            case text, number, yes, no, null
        }

        var key: JSONText
        var value: JSONText
        var kind: Kind
    }

    /// The most objects there are in a kind of line, in all kinds together, and members in an object.
    static let maximumStates = 64
    static let maximumShapes = 256
    static let maximumFields = 32
    private static let captures = 64
    /// How deep the causes of an exception are checked; those below only have to be JSON.
    static let maximumCauses = 64

    let states: UnsafeMutablePointer<ObjectState>
    let recent = RecentElements()
    /// By object and the field before, or none: the field that came next the last time. Agents send their
    /// keys in the same order again and again.
    private let guesses: UnsafeMutablePointer<UInt8>
    private let texts: UnsafeMutablePointer<JSONText>
    private let numbers: UnsafeMutablePointer<UInt64>
    private let brackets: UnsafeMutablePointer<UInt8>
    private var scratch: UnsafeMutablePointer<UInt8>
    private var scratchCapacity = 1024
    /// The captures that are set, a bit each.
    var captured: UInt64 = 0
    /// Whether an object broke a rule when its end came. A later duplicate may have mended it.
    var isSuspect = false
    var causes = 0
    var labels: [SentLabel] = []
    var violations: [Violation] = []
    /// The end of the value that was decoded last; nil where decoding failed.
    private(set) var end: UnsafePointer<UInt8>?
    /// Whether it says what is wrong with a line, and not only that something is, which costs much less.
    var explains = true
    /// The keys down to a value that could not be decoded, innermost first.
    private var failurePath: [String] = []

    private static let slack = 16

    init() {
        states = .allocate(capacity: Self.maximumStates)
        states.initialize(repeating: ObjectState(), count: Self.maximumStates)
        guesses = .allocate(capacity: Self.maximumShapes * Self.maximumFields)
        guesses.initialize(repeating: 0, count: Self.maximumShapes * Self.maximumFields)
        brackets = .allocate(capacity: JSONScanner.maximumDepth)
        brackets.initialize(repeating: 0, count: JSONScanner.maximumDepth)
        scratch = .allocate(capacity: scratchCapacity + Self.slack)
        scratch.initialize(repeating: 0, count: scratchCapacity + Self.slack)
        texts = .allocate(capacity: Self.captures)
        texts.initialize(
            repeating: JSONText(start: UnsafePointer(scratch), count: 0, isEscaped: false), count: Self.captures)
        numbers = .allocate(capacity: Self.captures)
        numbers.initialize(repeating: 0, count: Self.captures)
    }

    deinit {
        states.deallocate()
        guesses.deallocate()
        texts.deallocate()
        numbers.deallocate()
        brackets.deallocate()
        scratch.deallocate()
    }

    /// Decodes a line of a shape, and returns what is wrong with it, nil where nothing is. Where it does not explain
    /// that, it is an empty text.
    mutating func decode(_ line: Line, as root: UnsafePointer<CompiledShape>) -> String? {
        states.update(repeating: ObjectState(), count: root.pointee.endState)
        captured = 0
        isSuspect = false
        causes = 0
        labels.removeAll(keepingCapacity: true)
        violations.removeAll(keepingCapacity: true)
        end = nil
        var scanner = JSONScanner(line, brackets: brackets)
        do throws(JSONFailure) {
            if scanner.token() == UInt8(ascii: "n") { try scanner.null() } else { try object(root, &scanner) }
            end = scanner.cursor
        } catch {
            guard explains else { return "" }
            let path = failurePath.reversed().joined(separator: ".")
            failurePath = []
            return "decode error: data read error: \(path.isEmpty ? "" : path + ": ")\(error.message)"
        }
        guard isSuspect || states[root.pointee.state].set == 0 else { return nil }
        return firstFailure(root).map { explains ? "validation error: \($0)" : $0 }
    }

    /// Reads an object into its state; the scanner stands before it.
    mutating func object(
        _ shape: UnsafePointer<CompiledShape>, _ scanner: inout JSONScanner
    ) throws(JSONFailure) {
        guard try scanner.enterObject() else { return }
        scanner.depth += 1
        let state = states + shape.pointee.state
        var current = state.pointee
        let guesses = guesses + shape.pointee.number * Self.maximumFields
        var guess = guesses
        repeat {
            current.set |= shape.pointee.memberBit
            var field = shape.pointee.fields + Int(guess.pointee)
            if !scanner.skipKey(field) {
                guard let known = try self.field(shape, &scanner) else {
                    try scanner.skip()
                    continue
                }
                field = known
                guess.pointee = field.pointee.index
            }
            guess = guesses + (Int(field.pointee.index) + 1)
            do throws(JSONFailure) {
                let first = scanner.token()
                if first == UInt8(ascii: "\""), field.pointee.kind == .text {
                    try text(field, &current, &scanner)
                } else {
                    try value(first, field, &current, &scanner)
                }
            } catch {
                if explains { failurePath.append(self.key(of: field)) }
                throw error
            }
        } while try scanner.anotherMember()
        scanner.depth -= 1
        state.pointee = current
        if !isSound(shape, current) { isSuspect = true }
    }

    /// Reads a key and its colon; nil where the protocol has no such field.
    @inline(__always)
    private mutating func field(
        _ shape: UnsafePointer<CompiledShape>, _ scanner: inout JSONScanner
    ) throws(JSONFailure) -> UnsafePointer<CompiledField>? {
        let key = try scanner.key()
        return key.isEscaped ? escapedField(key, shape, scanner) : shape.pointee.field(key, scanner)
    }

    private mutating func escapedField(
        _ key: JSONText, _ shape: UnsafePointer<CompiledShape>, _ scanner: JSONScanner
    ) -> UnsafePointer<CompiledField>? {
        guard let start = bytes(of: key).baseAddress else { return nil }
        let count = key.decode(into: scratch)
        return shape.pointee.field(JSONText(start: start, count: count, isEscaped: false), scanner)
    }

    /// The decoded bytes of a text, which are valid until the next text is decoded.
    @inline(__always)
    mutating func bytes(of text: JSONText) -> UnsafeBufferPointer<UInt8> {
        text.isEscaped ? decodedBytes(of: text) : text.sent
    }

    private mutating func decodedBytes(of text: JSONText) -> UnsafeBufferPointer<UInt8> {
        if text.count > scratchCapacity {
            scratch.deallocate()
            scratchCapacity = text.count * 2
            scratch = .allocate(capacity: scratchCapacity + Self.slack)
            scratch.initialize(repeating: 0, count: scratchCapacity + Self.slack)
        }
        return UnsafeBufferPointer(start: scratch, count: text.decode(into: scratch))
    }

    /// Keeps a text that the event's row may need.
    @inline(__always)
    func keep(_ text: JSONText, for field: UnsafePointer<CompiledField>) {
        texts[Int(field.pointee.capture.rawValue)] = text
    }

    /// Keeps a number that the event's row may need.
    @inline(__always)
    func keep(_ number: UInt64, for field: UnsafePointer<CompiledField>) {
        numbers[Int(field.pointee.capture.rawValue)] = number
    }

    /// Whether something that the event's row may need was sent.
    @inline(__always)
    func has(_ capture: Capture) -> Bool {
        captured & 1 << UInt64(capture.rawValue) != 0
    }

    /// A text that was sent, nil where it wasn't.
    @inline(__always)
    func text(_ capture: Capture) -> JSONText? {
        has(capture) ? texts[Int(capture.rawValue)] : nil
    }

    /// An integer that was sent, nil where it wasn't.
    @inline(__always)
    func integer(_ capture: Capture) -> Int64? {
        has(capture) ? Int64(bitPattern: numbers[Int(capture.rawValue)]) : nil
    }

    /// A number that was sent, nil where it wasn't.
    @inline(__always)
    func number(_ capture: Capture) -> Double? {
        has(capture) ? Double(bitPattern: numbers[Int(capture.rawValue)]) : nil
    }
}
