/// Where an expression stops making sense, and what could stand there.
package struct ExpressionError: Error, Hashable {
    /// How many Unicode scalars stand before the place.
    package var position: Int
    /// What could stand there, in the reader's words: "a unit: µs, ms, s, min or h".
    package var expected: String
}

/// Reads small expressions, word by word. Blanks between words mean nothing.
struct ExpressionReader {
    private let scalars: [Unicode.Scalar]
    /// How many scalars are read.
    private(set) var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func skipBlanks() {
        while position < scalars.count, scalars[position] == " " || scalars[position] == "\t" { position += 1 }
    }

    /// The next word: letters, digits, `_` and `.`; empty where none stands there. With the place where it begins.
    mutating func word() -> (text: String, position: Int) {
        skipBlanks()
        let start = position
        while position < scalars.count, Self.isOfWord(scalars[position]) { position += 1 }
        return (String(String.UnicodeScalarView(scalars[start..<position])), start)
    }

    /// Reads a sign if it stands next.
    mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        return takeHere(sign)
    }

    /// Reads a sign if it stands next, without skipping blanks.
    mutating func takeHere(_ sign: Unicode.Scalar) -> Bool {
        guard position < scalars.count, scalars[position] == sign else { return false }
        position += 1
        return true
    }

    /// Reads a word and a sign behind it if both stand next, else nothing.
    mutating func take(_ text: String, _ sign: Unicode.Scalar) -> Bool {
        let before = position
        if word().text == text, take(sign) { return true }
        position = before
        return false
    }

    /// The digits that stand next, without skipping blanks.
    mutating func digits() -> [Unicode.Scalar] {
        let start = position
        while position < scalars.count, "0"..."9" ~= scalars[position] { position += 1 }
        return Array(scalars[start..<position])
    }

    mutating func end() throws(ExpressionError) {
        skipBlanks()
        guard position == scalars.count else { throw failure("nothing more") }
    }

    /// What is expected where the reader stands.
    func failure(_ expected: String) -> ExpressionError { ExpressionError(position: position, expected: expected) }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "\u{B5}", "\u{3BC}": true
        default: false
        }
    }
}

extension ExpressionReader {
    static var quantityNames: String { "total, wait, work, self or delay" }

    /// A figure of a quantity, a quantity for its sum, `wait_share`, `slowdown` or `failed`. `more` is what else the
    /// reader of an error is told could stand there.
    mutating func measure(_ more: String = "") throws(ExpressionError) -> ReportMeasure {
        let (name, place) = word()
        switch name {
        case "wait_share": return .waitShare
        case "slowdown": return .slowdown
        case "failed": return .failed
        default: break
        }
        if let quantity = ReportQuantity(rawValue: name) { return .statistic(.sum, quantity) }
        guard let figure = StatisticFigure(name) else {
            let isPercentile =
                name.utf8.first == UInt8(ascii: "p") && name.utf8.dropFirst().first.map { 48...57 ~= $0 } == true
            throw ExpressionError(
                position: place,
                expected: isPercentile
                    ? "a percentile from p0.01 to p100, with two decimals at most"
                    : "\(Self.quantityNames), a figure of one like p95(wait), max(work) or mean(total), "
                        + "\(more)wait_share, slowdown or failed")
        }
        return .statistic(figure, try argument(Self.quantityNames) { ReportQuantity(rawValue: $0) })
    }

    /// What a figure is of: in parentheses, or behind a colon.
    mutating func argument<Value>(
        _ expected: String, _ find: (String) -> Value?
    ) throws(ExpressionError) -> Value {
        let isEnclosed = take("(")
        guard isEnclosed || take(":") else { throw failure("( and what it is of") }
        let (name, place) = word()
        guard let value = find(name) else { throw ExpressionError(position: place, expected: expected) }
        if isEnclosed, !take(")") { throw failure(")") }
        return value
    }
}
