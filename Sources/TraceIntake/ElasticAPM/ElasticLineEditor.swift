/// Makes of a stored line the one that an export writes: with the time that was filled in for it, and with
/// pseudonyms in the place of users.
///
/// It takes lines that the intake accepted, and what it gives is accepted again as the same event. Only the size can
/// stand against that: a line may grow beyond what an event may have.
package struct ElasticLineEditor {
    private let users: UserPseudonyms?

    /// - Parameters:
    ///   - users: the user ids that are replaced wherever they stand.
    ///   - pseudonym: what stands for a user id, also for one that isn't among `users`. Nil leaves users as they are.
    package init(users: some Sequence<String> = EmptyCollection<String>(), pseudonym: ((String) -> String)? = nil) {
        self.users = pseudonym.map { UserPseudonyms(users, $0) }
    }

    /// The line to write, without a newline.
    ///
    /// Without pseudonyms all of its bytes stay as they came, but for a time: an event that has none gets `time` (µs
    /// since the epoch, inside `Microseconds.instants`; nil leaves it without), in the place of its last `null` where
    /// it has that, else as its first member. A span that came with `start` alone has no time.
    ///
    /// With pseudonyms, what stands behind the line's JSON is dropped, and so is all of a line that is no JSON: it
    /// becomes empty. `ElasticLineRewriter` says what is replaced.
    package func edit(_ line: [UInt8], kind: ElasticLineKind, time: Int64?) -> [UInt8] {
        var edited = line
        if let time, kind != .metadata { edited = Self.fill(line, kind, time) }
        guard let users else { return edited }
        return ElasticLineRewriter.rewrite(edited, kind, users)
    }

    private static func fill(_ line: [UInt8], _ kind: ElasticLineKind, _ time: Int64) -> [UInt8] {
        let place: TimePlace?
        do throws(JSONFailure) {
            place = try JSONTokens.read(line) { (tokens, start) throws(JSONFailure) in
                try timePlace(&tokens, start, kind)
            }
        } catch {
            return line
        }
        guard let place else { return line }
        var edited = Array(line[..<place.range.lowerBound])
        if place.isNull {
            edited += "\(time)".utf8
        } else {
            edited += "\"\(kind.timestampKey)\":\(time)\(place.isAlone ? "" : ",")".utf8
        }
        return edited + line[place.range.upperBound...]
    }

    /// Where a time belongs.
    private struct TimePlace {
        var range: Range<Int>
        /// Whether it takes the place of a null, else it is a member of its own.
        var isNull = false
        /// Whether its object has no other members.
        var isAlone = false
    }

    /// Nil where the event has a time, or where there is no event.
    private static func timePlace(
        _ tokens: inout JSONTokens, _ start: UnsafePointer<UInt8>, _ kind: ElasticLineKind
    ) throws(JSONFailure) -> TimePlace? {
        var place: TimePlace?
        var key: JSONText?
        while let token = try tokens.next() {
            switch token.kind {
            case .key:
                key = token.text
            case .object where tokens.depth == 1:
                break
            case .object where tokens.depth == 2 && key?.isKey(kind.rawValue) == true:
                let begin = tokens.position - start
                if place == nil { place = TimePlace(range: begin..<begin, isAlone: true) }
                guard try findTime(&tokens, start, kind, begin, &place) else { return nil }
            case .object, .array:
                try tokens.skipRest()
            default:
                break
            }
        }
        return place
    }

    /// Looks for a time in an event's object; false where there is one.
    private static func findTime(
        _ tokens: inout JSONTokens, _ start: UnsafePointer<UInt8>, _ kind: ElasticLineKind, _ begin: Int,
        _ place: inout TimePlace?
    ) throws(JSONFailure) -> Bool {
        var isTime = false
        while let token = try tokens.next() {
            switch token.kind {
            case .key:
                isTime = token.text.isKey(kind.timestampKey)
                if place?.range.lowerBound == begin { place?.isAlone = false }
            case .end:
                return true
            case .null where isTime:
                place = TimePlace(range: token.start - start..<tokens.position - start, isNull: true)
            case _ where isTime:
                return false
            case .object, .array:
                try tokens.skipRest()
            default:
                break
            }
        }
        return true
    }
}
