/// Puts pseudonyms in the place of users, in one pass over a line's tokens; all that isn't replaced stays as it came.
///
/// - `context.user` of every event, `user` of metadata and of logs: the object becomes one of the id's pseudonym
///   alone, or, where no id but another member was set, one with an empty `username`: an event with a user that has
///   no id doesn't take the metadata's, and mustn't afterwards. `user.id` and other `user.` members of logs are
///   replaced and emptied.
/// - Any other string that is a known id as a whole, or holds one in it (`UserPseudonyms`). A string that fitted
///   the protocol's limits is cut where its pseudonyms would make it too long.
/// - A number that is a known id, in labels and in what may hold any value (such as `context.custom`), where its key,
///   or that of its array, has `user` in it. It becomes a string.
///
/// What tells an event or a process apart, or says of what type, service or outcome it is, never changes, whatever
/// users are called. Keys stay too.
struct ElasticLineRewriter {
    private let users: UserPseudonyms
    private let kind: ElasticLineKind
    /// Up to where the line has been written.
    private var written: UnsafePointer<UInt8>
    private var output: [UInt8] = []
    /// The places of what is open.
    private var open: [ElasticLinePlace] = []
    /// The place of the next value, and whether its key has `user` in it.
    private var place: ElasticLinePlace
    private var namesUser = false

    private init(
        _ users: UserPseudonyms, _ kind: ElasticLineKind, _ start: UnsafePointer<UInt8>
    ) {
        self.users = users
        self.kind = kind
        written = start
        place = .root
    }

    /// The line with pseudonyms; empty where it is no JSON.
    static func rewrite(_ line: [UInt8], _ kind: ElasticLineKind, _ users: UserPseudonyms) -> [UInt8] {
        do throws(JSONFailure) {
            return try JSONTokens.read(line) { (tokens, start) throws(JSONFailure) in
                var rewriter = ElasticLineRewriter(users, kind, start)
                return try rewriter.rewrite(&tokens)
            }
        } catch {
            return []
        }
    }

    private mutating func rewrite(_ tokens: inout JSONTokens) throws(JSONFailure) -> [UInt8] {
        while let token = try tokens.next() {
            switch token.kind {
            case .key: enter(token.text)
            case .object where place == .user: try replaceUser(token, &tokens)
            case .object, .array: open.append(place)
            case .end: place = open.removeLast()
            case .string: string(token, end: tokens.position)
            case .number: number(token, end: tokens.position)
            case .yes, .no, .null: break
            }
            // An element of an array has the place, and the key, of its array; a member's key says its own.
            if token.kind != .key, let inner = open.last { place = inner }
        }
        copy(upTo: tokens.position)
        return output
    }

    private mutating func enter(_ key: JSONText) {
        let key = key.decoded
        place = (open.last ?? .root).place(below: key, kind)
        namesUser = key.containsUser
    }

    private mutating func copy(upTo position: UnsafePointer<UInt8>) {
        output += UnsafeBufferPointer(start: written, count: position - written)
        written = position
    }

    private mutating func replace(_ token: JSONTokens.Token, end: UnsafePointer<UInt8>, with json: [UInt8]) {
        copy(upTo: token.start)
        output += json
        written = end
    }

    private mutating func string(_ token: JSONTokens.Token, end: UnsafePointer<UInt8>) {
        switch place {
        case .kept: return
        case .user:
            let id = token.text.decoded
            if !id.isEmpty { replace(token, end: end, with: Self.quoted(users.pseudonym(of: id))) }
        case .userMember: replace(token, end: end, with: Self.quoted([]))
        default:
            let text = token.text.decoded
            guard let replaced = users.replacing(text) else { return }
            replace(token, end: end, with: Self.quoted(fitted(replaced, in: text)))
        }
    }

    private mutating func number(_ token: JSONTokens.Token, end: UnsafePointer<UInt8>) {
        switch place {
        case .user: replace(token, end: end, with: Self.quoted(users.pseudonym(of: Array(token.text.sent))))
        case .labels, .any:
            guard namesUser, let pseudonym = users.known(Array(token.text.sent)) else { return }
            replace(token, end: end, with: Self.quoted(pseudonym))
        default: return
        }
    }

    /// A text cut to as many code points as its place may have had as a limit, if the one before kept that.
    private func fitted(_ text: [UInt8], in before: [UInt8]) -> [UInt8] {
        let limit = place == .droppedSpans ? 512 : 1024
        guard text.count > limit, Self.codePoints(before) <= limit, Self.codePoints(text) > limit else { return text }
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars.prefix(limit)
        return Array(String(scalars).utf8)
    }

    private static func codePoints(_ text: [UInt8]) -> Int { text.withUnsafeBufferPointer { CodePoints.count($0) } }

    private mutating func replaceUser(
        _ token: JSONTokens.Token, _ tokens: inout JSONTokens
    ) throws(JSONFailure) {
        var id: [UInt8]?
        var isSet = false
        var isID = false
        var counts = false
        loop: while let member = try tokens.next() {
            switch member.kind {
            case .key:
                isID = member.text.isKey("id")
                counts = ["username", "email", "domain"].contains { member.text.isKey($0) }
            case .end: break loop
            case .object, .array: try tokens.skipRest()
            case .string where isID: id = member.text.decoded
            case .number where isID: id = Array(member.text.sent)
            case .string: if counts { isSet = true }
            default: break
            }
        }
        if let id {
            let pseudonym = id.isEmpty ? [] : users.pseudonym(of: id)
            replace(
                token, end: tokens.position, with: Array("{\"id\":".utf8) + Self.quoted(pseudonym) + [UInt8(ascii: "}")]
            )
        } else {
            replace(token, end: tokens.position, with: Array((isSet ? "{\"username\":\"\"}" : "{}").utf8))
        }
    }

    /// A string as JSON; bytes that are not UTF-8 stay as they are.
    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var json = [UInt8(ascii: "\"")]
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            case ..<0x20:
                let digits = String(byte, radix: 16)
                json += ((byte < 0x10 ? "\\u000" : "\\u00") + digits).utf8
            default: json.append(byte)
            }
        }
        return json + [UInt8(ascii: "\"")]
    }
}
