@testable import TraceIntake

/// All tokens of a line, in the order read.
struct ReadTokens {
    struct Text {
        var sent: [UInt8]
        var decoded: [UInt8]
    }

    /// Where the value ends; nil where there is none.
    private(set) var end: Int?
    /// Whether `NaN` was read, which is no JSON.
    private(set) var hasNaN = false
    private(set) var numbers: [Range<Int>] = []
    private(set) var texts: [Text] = []
    /// The deepest nesting.
    private(set) var depth = 0
    /// The value, where it is nested less deep than `PlainJSON.deepest`.
    private(set) var value: PlainJSON?

    init(_ line: [UInt8]) {
        do throws(JSONFailure) {
            end = try JSONTokens.read(line) { (tokens, start) throws(JSONFailure) in
                try read(&tokens, start, line)
            }
        } catch {
            value = nil
        }
    }

    private mutating func read(
        _ tokens: inout JSONTokens, _ start: UnsafePointer<UInt8>, _ line: [UInt8]
    ) throws(JSONFailure) -> Int {
        var builder = PlainJSON.Builder()
        var position = 0
        while let token = try tokens.next() {
            let first = token.start - start
            let end = tokens.position - start
            require(first >= position && end > first && end <= line.count, "a token at \(first)..<\(end)")
            position = end
            depth = max(depth, tokens.depth)
            switch token.kind {
            case .object: builder.open(isObject: true)
            case .array: builder.open(isObject: false)
            case .end: builder.close()
            case .key:
                texts.append(Text(sent: Array(token.text.sent), decoded: token.text.decoded))
                builder.key(token.text.decoded)
            case .string:
                texts.append(Text(sent: Array(token.text.sent), decoded: token.text.decoded))
                builder.add(.string(token.text.decoded))
            case .number:
                numbers.append(first..<end)
                builder.add(.number(String(decoding: token.text.sent, as: UTF8.self)))
            case .yes: builder.add(.boolean(true))
            case .no: builder.add(.boolean(false))
            case .null:
                if line[first] == UInt8(ascii: "N") { hasNaN = true }
                builder.add(.null)
            }
        }
        require(tokens.depth == 0, "the value ended \(tokens.depth) levels deep")
        value = depth < PlainJSON.deepest ? builder.value : nil
        return position
    }
}
