/// Goes through one JSON value token by token, without recursion: for whoever looks at all that a line holds.
///
/// It takes what `EventDecoder` takes: bytes that are not UTF-8, and `NaN` (as null). What follows the value is
/// never looked at.
struct JSONTokens {
    enum Kind {
        case object, array, end, key, string, number, yes, no, null
    }

    /// A piece of the value, valid as long as the line lies where it is. `text` is that of a key, a string or a number.
    struct Token {
        var kind: Kind
        /// Its first byte, of a string and a key the opening quote.
        var start: UnsafePointer<UInt8>
        var text: JSONText
    }

    private enum Place {
        case value, member, firstMember, firstElement, behindValue, done
    }

    private var scanner: JSONScanner
    private var place = Place.value
    /// The closing brackets of the objects and arrays that are open.
    private var brackets: [UInt8] = []

    private init(_ scanner: JSONScanner) { self.scanner = scanner }

    /// Calls `body` with the tokens of a line, given without its newline, and with where its bytes begin.
    static func read<Result>(
        _ line: [UInt8], _ body: (inout JSONTokens, UnsafePointer<UInt8>) throws(JSONFailure) -> Result
    ) throws(JSONFailure) -> Result {
        // A scanner wants a newline behind a line, and room behind that.
        let padded = line + [UInt8](repeating: UInt8(ascii: "\n"), count: 16)
        // It asks for this room too, and uses it only in what is not called here.
        let unused = UnsafeMutablePointer<UInt8>.allocate(capacity: JSONScanner.maximumDepth)
        defer { unused.deallocate() }
        return try padded.withUnsafeBufferPointer { (bytes) throws(JSONFailure) in
            guard let start = bytes.baseAddress else { throw .expectedValue }
            let whole = Line(
                start: start, count: line.count, readableEnd: start + bytes.count, offset: 0, number: 1,
                isOversize: false, endsInNewline: true)
            var tokens = JSONTokens(JSONScanner(whole, brackets: unused))
            return try body(&tokens, start)
        }
    }

    /// The first byte behind the last token, and behind the colon of a key.
    var position: UnsafePointer<UInt8> { scanner.cursor }

    /// How many objects and arrays are open.
    var depth: Int { brackets.count }

    /// The next token; nil behind the value.
    mutating func next() throws(JSONFailure) -> Token? {
        switch place {
        case .done: return nil
        case .value: return try value()
        case .member: return try key()
        case .firstMember: return scanner.token() == UInt8(ascii: "}") ? close() : try key()
        case .firstElement: return scanner.token() == UInt8(ascii: "]") ? close() : try value()
        case .behindValue: break
        }
        let closing = brackets[brackets.count - 1]
        let isObject = closing == UInt8(ascii: "}")
        let byte = scanner.token()
        if byte == closing { return close() }
        guard byte == UInt8(ascii: ",") else { throw isObject ? .unfinishedObject : .unfinishedArray }
        scanner.cursor += 1
        return isObject ? try key() : try value()
    }

    /// Passes the rest of an object or array, of which the token that opened it was the last one.
    mutating func skipRest() throws(JSONFailure) {
        let outer = brackets.count - 1
        while brackets.count > outer, try next() != nil {}
    }

    private mutating func key() throws(JSONFailure) -> Token {
        _ = scanner.token()
        let start = scanner.cursor
        let text = try scanner.key()
        place = .value
        return Token(kind: .key, start: start, text: text)
    }

    private mutating func close() -> Token {
        _ = scanner.token()
        let token = plain(.end)
        scanner.cursor += 1
        brackets.removeLast()
        leaveValue()
        return token
    }

    private mutating func leaveValue() { place = brackets.isEmpty ? .done : .behindValue }

    private mutating func value() throws(JSONFailure) -> Token {
        let first = scanner.token()
        var token = plain(.null)
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard brackets.count < JSONScanner.maximumDepth else { throw .tooDeep }
            scanner.cursor += 1
            let isObject = first == UInt8(ascii: "{")
            token.kind = isObject ? .object : .array
            brackets.append(isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
            place = isObject ? .firstMember : .firstElement
            return token
        case UInt8(ascii: "\""):
            scanner.cursor += 1
            token.kind = .string
            token.text = try scanner.string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            token.kind = try scanner.boolean() ? .yes : .no
        case UInt8(ascii: "n"):
            try scanner.null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            token.kind = .number
            token.text = try scanner.numberToken().text
        default:
            guard scanner.skipNaN() else { throw .expectedValue }
        }
        leaveValue()
        return token
    }

    private func plain(_ kind: Kind) -> Token {
        Token(kind: kind, start: scanner.cursor, text: JSONText(start: scanner.cursor, count: 0, isEscaped: false))
    }
}

extension JSONText {
    /// The text without its escapes; bytes that are not UTF-8 stay as they are.
    var decoded: [UInt8] {
        guard isEscaped else { return Array(sent) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = buffer.baseAddress.map { decode(into: $0) } ?? 0
        }
    }

    /// Whether it is a key of the protocol, given in lower case; keys match in whatever case.
    func isKey(_ known: String) -> Bool {
        isEscaped ? JSONText.isKey(decoded, known) : JSONText.isKey(sent, known)
    }

    /// As the other one, of the bytes of a key.
    static func isKey(_ sent: some Sequence<UInt8>, _ known: String) -> Bool {
        sent.elementsEqual(known.utf8) { sent, known in
            sent == known || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= sent && sent | 0x20 == known)
        }
    }
}
