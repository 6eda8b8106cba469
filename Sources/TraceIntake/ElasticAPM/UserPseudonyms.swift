/// Known user ids, and what stands for them.
///
/// In a longer text an id of four bytes or more is found where it stands as a whole: where no letter or digit that
/// belongs to it goes on before or behind it. So `user-0001` is found in `/users/user-0001/invoice` and not in
/// `user-00012`, and of two ids that begin at the same place the longer one counts. A text is a row of *pieces*, words of
/// letters and digits and single other characters, and an id is some of them: one look-up for each piece that ids
/// begin with, and for each of the few behind it.
package struct UserPseudonyms {
    /// The most pieces of an id that is looked for in longer texts: an UUID has nine, an e-mail address about seven.
    private static let mostPieces = 32
    private static let shortest = 4

    private let pseudonym: (String) -> String
    private var known: [[UInt8]: [UInt8]] = [:]
    private var longest = 0
    /// The hashes of the ids that are looked for in texts.
    private var hashes: Set<UInt64> = []
    /// By the hash of the piece that ids begin with: the most pieces of one.
    private var beginnings: [UInt64: Int] = [:]
    private let seed = UInt64.random(in: .min ... .max)

    /// Of these users; `pseudonym` gives what stands for one.
    package init(_ users: some Sequence<String>, _ pseudonym: @escaping (String) -> String) {
        self.pseudonym = pseudonym
        for user in users where !user.isEmpty {
            let id = Array(user.utf8)
            known[id] = Array(pseudonym(user).utf8)
            longest = max(longest, id.count)
            if id.count >= Self.shortest { index(id) }
        }
    }

    private mutating func index(_ id: [UInt8]) {
        var hash = seed
        var first: UInt64?
        var position = 0
        var pieces = 0
        while position < id.count {
            let end = TextPieces.end(of: id, from: position)
            hash = Self.hash(id[position..<end], continuing: hash)
            if first == nil { first = hash }
            position = end
            pieces += 1
        }
        guard pieces <= Self.mostPieces, let first else { return }
        hashes.insert(hash)
        beginnings[first] = max(pieces, beginnings[first] ?? 0)
    }

    /// What stands for a user id, whether it is known or not.
    func pseudonym(of id: [UInt8]) -> [UInt8] {
        known(id) ?? Array(pseudonym(String(decoding: id, as: UTF8.self)).utf8)
    }

    /// What stands for a known user id; nil where it isn't known.
    func known(_ id: [UInt8]) -> [UInt8]? { id.count <= longest ? known[id] : nil }

    /// A text with all known ids in it replaced.
    package func replacing(in text: String) -> String {
        replacing(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// A text with all known ids in it replaced; nil where there is none.
    func replacing(_ text: [UInt8]) -> [UInt8]? {
        if known.isEmpty { return nil }
        if let whole = known(text) { return whole }
        var result: [UInt8] = []
        var copied = 0
        var position = 0
        while position < text.count {
            let end = TextPieces.end(of: text, from: position)
            guard let found = id(in: text, position, end) else {
                position = end
                continue
            }
            result += text[copied..<position]
            result += found.pseudonym
            copied = found.end
            position = found.end
        }
        return copied == 0 ? nil : result + text[copied...]
    }

    /// The longest known id that begins with a piece of a text.
    private func id(in text: [UInt8], _ start: Int, _ firstEnd: Int) -> (end: Int, pseudonym: [UInt8])? {
        var hash = Self.hash(text[start..<firstEnd], continuing: seed)
        guard let most = beginnings[hash] else { return nil }
        var found: (end: Int, pseudonym: [UInt8])?
        var end = firstEnd
        var pieces = 1
        while true {
            if end - start >= Self.shortest, hashes.contains(hash), let pseudonym = known(Array(text[start..<end])) {
                found = (end, pseudonym)
            }
            guard pieces < most, end < text.count, end - start < longest else { return found }
            let next = TextPieces.end(of: text, from: end)
            hash = Self.hash(text[end..<next], continuing: hash)
            end = next
            pieces += 1
        }
    }

    /// A hash that goes on byte by byte (source: FNV-1a of 64 bits, here from a seed of its own in every run).
    private static func hash(_ bytes: ArraySlice<UInt8>, continuing seed: UInt64) -> UInt64 {
        bytes.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// The pieces of a text: words of letters and digits, and single other characters.
enum TextPieces {
    /// Where the piece ends that begins at a position.
    static func end(of text: [UInt8], from start: Int) -> Int {
        var position = start
        while position < text.count {
            let (isWord, length) = character(text, position)
            guard isWord else { return position == start ? start + length : position }
            position += length
        }
        return position
    }

    /// Whether the character at a position belongs to a word, and its bytes. A byte that is not UTF-8 doesn't.
    private static func character(_ text: [UInt8], _ position: Int) -> (isWord: Bool, length: Int) {
        switch text[position] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return (true, 1)
        case ..<0x80:
            return (false, 1)
        default:
            var decoder = UTF8()
            var rest = text[position..<min(text.count, position + 4)].makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&rest) else { return (false, 1) }
            return (isWord(scalar), UTF8.width(scalar))
        }
    }

    /// Letters, digits, and the marks that are written on them.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }
}
