import Foundation

@testable import TraceIntake

/// The JSON scanner against Foundation's: what both take must mean the same, and one takes what the other does, apart
/// from where the protocol is another:
///
/// - what follows the value is not looked at;
/// - bytes that are not UTF-8 pass;
/// - `NaN` is null;
/// - half a surrogate pair is U+FFFD;
/// - a number that is not looked at may be beyond what a double holds;
/// - values are nested up to 10 000 deep;
/// - of a key that comes twice, the last value counts that is not null, and objects are merged.
///
/// And where Foundation does not keep to the standard: it takes a comma behind the last element or member.
///
/// It is not asked where it would take the bytes for UTF-16 or UTF-32, and not about byte order marks, which it drops
/// behind escapes.
enum FoundationTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let line = input.line()
        let tokens = ReadTokens(line)
        if let value = tokens.value { checkMerging(value, of: line) }
        let json = Array(line[..<(tokens.end ?? line.count)])
        guard let text = String(validating: json, as: UTF8.self) else { return 0 }
        guard !text.unicodeScalars.contains(where: { $0 == "\0" || $0 == "\u{FEFF}" }) else { return 0 }
        guard tokens.end == nil || tokens.value != nil else { return 0 }
        let read = try? JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)
        switch (tokens.value, read) {
        case (nil, nil): break
        case (nil, _):
            let strict = withoutLastCommas(json)
            let isLenient = strict.count < json.count && ReadTokens(strict).end != nil
            require(isLenient, "only Foundation reads \(String(decoding: json, as: UTF8.self))")
        case (_, nil):
            let mayReject =
                tokens.hasNaN || tokens.texts.contains { hasHalfPair($0.sent) }
                || tokens.numbers.contains { Double(String(decoding: line[$0], as: UTF8.self))?.isFinite != true }
            require(mayReject, "only we read \(String(decoding: json, as: UTF8.self))")
        case (let value?, let read?):
            require(!tokens.hasNaN, "Foundation reads NaN")
            require(isSame(value, read), "read as \(value), by Foundation as \(read)")
            checkNumbers(tokens.numbers.map { String(decoding: line[$0], as: UTF8.self) })
        }
        return 0
    }

    /// The text without the commas behind which a bracket closes.
    private static func withoutLastCommas(_ json: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var comma: Int?
        var isInString = false
        var isEscaped = false
        for byte in json {
            switch byte {
            case UInt8(ascii: ",") where !isInString: comma = result.count
            case UInt8(ascii: "]") where !isInString, UInt8(ascii: "}") where !isInString:
                if let comma { result.remove(at: comma) }
                comma = nil
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
            default: comma = nil
            }
            if byte == UInt8(ascii: "\""), !isEscaped { isInString.toggle() }
            isEscaped = isInString && byte == UInt8(ascii: "\\") && !isEscaped
            result.append(byte)
        }
        return result
    }

    /// Whether an escape stands for half a surrogate pair.
    private static func hasHalfPair(_ sent: [UInt8]) -> Bool {
        let marker = Array("\u{FFFD}".utf8)
        let decoded = PlainStrings.decode(sent)
        return decoded.indices.contains { decoded[$0...].starts(with: marker) }
    }

    private static func isSame(_ value: PlainJSON, _ read: Any) -> Bool {
        switch value {
        case .null: return read is NSNull
        case .boolean(let boolean): return isBoolean(read) && read as? Bool == boolean
        case .number(let text):
            guard !isBoolean(read), let number = read as? NSNumber, let exact = Double(text) else { return false }
            // Where there are many digits they are read as a decimal first, of which the double is somewhat off.
            let isLong = text.utf8.count { 0x30...0x39 ~= $0 } > 15
            return number.doubleValue == exact || isLong && abs(number.doubleValue - exact) <= 64 * exact.ulp
        case .string(let bytes): return (read as? String).map { Array($0.utf8) } == bytes
        case .array(let elements):
            guard let read = read as? [Any], read.count == elements.count else { return false }
            return zip(elements, read).allSatisfy { isSame($0, $1) }
        case .object(let members):
            guard let read = read as? [String: Any] else { return false }
            var last: [String: PlainJSON] = [:]
            for member in members { last[String(decoding: member.key, as: UTF8.self)] = member.value }
            return read.count == last.count
                && last.allSatisfy { key, value in read[key].map { isSame(value, $0) } ?? false }
        }
    }

    private static func isBoolean(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    }

    /// Numbers are read by another part of Foundation, too, and there exactly.
    private static func checkNumbers(_ texts: [String]) {
        guard !texts.isEmpty else { return }
        let data = Data("[\(texts.joined(separator: ","))]".utf8)
        let doubles = try? JSONDecoder().decode([Double].self, from: data)
        if let doubles { require(doubles == texts.map { Double($0) }, "\(texts) are \(doubles)") }
        let integers = try? JSONDecoder().decode([Int64].self, from: data)
        for (text, integer) in zip(texts, integers ?? []) {
            // Foundation takes 1.0 and 1e3 for integers.
            require(Int64(text) == integer || Double(text) == Double(integer), "\(text) is the integer \(integer)")
        }
    }

    private static func checkMerging(_ value: PlainJSON, of line: [UInt8]) {
        guard let tree = JSONTree(line) else { return }
        require(isSame(value.merged, tree, JSONTree.root), "\(value) is merged to \(tree.json(of: JSONTree.root))")
    }

    private static func isSame(_ value: PlainJSON, _ tree: JSONTree, _ node: Int) -> Bool {
        switch (value, tree.kind(of: node)) {
        case (.null, .null), (.boolean(true), .yes), (.boolean(false), .no): return true
        case (.number(let text), .number): return tree.text(of: node) == text
        case (.string(let bytes), .string): return tree.text(of: node) == String(decoding: bytes, as: UTF8.self)
        case (.array(let elements), .array):
            let children = tree.children(of: node)
            return children.count == elements.count && zip(elements, children).allSatisfy { isSame($0, tree, $1) }
        case (.object(let members), .object):
            let children = tree.children(of: node)
            return children.count == members.count
                && zip(members, children).allSatisfy { member, child in
                    tree.key(of: child) == String(decoding: member.key, as: UTF8.self)
                        && isSame(member.value, tree, child)
                }
        default: return false
        }
    }
}
