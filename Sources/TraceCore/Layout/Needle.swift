/// A text that is looked for in others, whatever its case (after Knuth, Morris and Pratt: in as many steps as both
/// have bytes together).
package struct Needle: Sendable {
    /// In lower case.
    private let bytes: [UInt8]
    /// By length of what was found: how much of it is found still where the next byte is another.
    private let rest: [Int]
    /// Whether it may be a part of an id that is kept as integers.
    private let isHex: Bool

    /// A text to look for.
    package init(_ text: String) {
        let bytes = Array(text.lowercased().utf8)
        var rest = [Int](repeating: 0, count: bytes.count)
        var found = 0
        for place in bytes.indices.dropFirst() {
            while found > 0, bytes[place] != bytes[found] { found = rest[found - 1] }
            if bytes[place] == bytes[found] { found += 1 }
            rest[place] = found
        }
        self.bytes = bytes
        self.rest = rest
        isHex = bytes.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }

    /// Whether there is nothing to look for.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Whether a text has it; an empty one is in every text.
    package func isIn(_ text: String) -> Bool { isIn(bytes: text.lowercased().utf8) }

    /// Whether the text of an id has it.
    package func isIn(_ id: Identifier) -> Bool {
        switch id {
        case .short: isHex && bytes.count <= 16 && isIn(bytes: id.utf8)
        case .long: isHex && bytes.count <= 32 && isIn(bytes: id.utf8)
        case .text: isIn(id.text)
        }
    }

    private func isIn(bytes text: some Sequence<UInt8>) -> Bool {
        if bytes.isEmpty { return true }
        var found = 0
        for byte in text {
            while found > 0, byte != bytes[found] { found = rest[found - 1] }
            if byte == bytes[found] { found += 1 }
            if found == bytes.count { return true }
        }
        return false
    }
}
