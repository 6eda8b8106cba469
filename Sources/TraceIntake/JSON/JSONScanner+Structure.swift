/// Objects and arrays, member by member.
extension JSONScanner {
    /// A key and its colon; the cursor stands at the key's quote.
    @inline(__always)
    mutating func key() throws(JSONFailure) -> JSONText {
        guard token() == UInt8(ascii: "\"") else { throw .expectedKey }
        cursor += 1
        let text = try string()
        guard token() == UInt8(ascii: ":") else { throw .expectedColon }
        cursor += 1
        return text
    }

    /// Passes the key of a field and its colon, if they come next exactly so; a mere shortcut for looking the
    /// key up.
    @inline(__always)
    mutating func skipKey(_ field: UnsafePointer<CompiledField>) -> Bool {
        let count = Int(field.pointee.keyCount) + 2
        guard token() == UInt8(ascii: "\""), count <= CompiledField.longestMember, cursor + count <= lastWord else {
            return false
        }
        let start = cursor + 1
        if count <= 8 {
            let unused = UInt64(truncatingIfNeeded: 64 - count * 8)
            guard (Self.word(start) ^ field.pointee.firstOfMember) &<< unused == 0 else { return false }
        } else {
            guard Self.word(start) == field.pointee.firstOfMember,
                Self.word(start + (count - 8)) == field.pointee.lastOfMember
            else { return false }
        }
        cursor = start + count
        return true
    }

    /// Whether another member follows, or the object ended.
    @inline(__always)
    mutating func anotherMember() throws(JSONFailure) -> Bool {
        let byte = token()
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw .unfinishedObject }
        cursor += 1
        return byte == UInt8(ascii: ",")
    }

    /// Whether another element follows, or the array ended.
    @inline(__always)
    mutating func anotherElement() throws(JSONFailure) -> Bool {
        let byte = token()
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw .unfinishedArray }
        cursor += 1
        return byte == UInt8(ascii: ",")
    }

    /// Goes into an object; false where it has no members and is passed.
    @inline(__always)
    mutating func enterObject() throws(JSONFailure) -> Bool {
        guard token() == UInt8(ascii: "{") else { throw .expectedObject }
        return try enter(UInt8(ascii: "}"))
    }

    /// Goes into an array; false where it has no elements and is passed.
    @inline(__always)
    mutating func enterArray() throws(JSONFailure) -> Bool {
        guard token() == UInt8(ascii: "[") else { throw .expectedArray }
        return try enter(UInt8(ascii: "]"))
    }

    @inline(__always)
    private mutating func enter(_ closing: UInt8) throws(JSONFailure) -> Bool {
        guard depth < Self.maximumDepth else { throw .tooDeep }
        cursor += 1
        guard token() != closing else {
            cursor += 1
            return false
        }
        return true
    }
}
