/// Values that nobody looks at.
extension JSONScanner {
    /// Passes a value of any kind, without recursion.
    mutating func skip() throws(JSONFailure) {
        var level = 0
        while true {
            switch token() {
            case UInt8(ascii: "\""):
                cursor += 1
                _ = try string()
            case UInt8(ascii: "{"):
                guard depth + level < Self.maximumDepth else { throw .tooDeep }
                cursor += 1
                if token() == UInt8(ascii: "}") {
                    cursor += 1
                } else {
                    brackets[level] = UInt8(ascii: "}")
                    level += 1
                    _ = try key()
                    continue
                }
            case UInt8(ascii: "["):
                guard depth + level < Self.maximumDepth else { throw .tooDeep }
                cursor += 1
                if token() == UInt8(ascii: "]") {
                    cursor += 1
                } else {
                    brackets[level] = UInt8(ascii: "]")
                    level += 1
                    continue
                }
            default:
                try skipWord()
            }
            if try !leave(&level) { return }
        }
    }

    /// Passes the closing brackets behind a value; false where the outermost one was passed.
    @inline(__always)
    private mutating func leave(_ level: inout Int) throws(JSONFailure) -> Bool {
        while level > 0 {
            let closing = brackets[level - 1]
            let byte = token()
            if byte == UInt8(ascii: ",") {
                cursor += 1
                if closing == UInt8(ascii: "}") { _ = try key() }
                return true
            }
            guard byte == closing else {
                throw closing == UInt8(ascii: "}") ? .unfinishedObject : .unfinishedArray
            }
            cursor += 1
            level -= 1
        }
        return false
    }

    /// Passes a number, `true`, `false` or `null`.
    private mutating func skipWord() throws(JSONFailure) {
        switch token() {
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): try null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try numberToken()
        default: throw .expectedValue
        }
    }
}
