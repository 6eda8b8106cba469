@testable import TraceIntake

/// The JSON scanner over one line: its ways of reading agree with each other, with the standard library's numbers and
/// with a plain way of decoding strings, wherever in memory the line lies.
enum ScannerTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let line = input.line()
        let tokens = ReadTokens(line)
        // Tight, then with room behind it that holds something else.
        let skipped = [[], Array("\"}],:0e.\\u12345".utf8)].map { skip(line, behind: $0) }
        require(skipped[0] == skipped[1], "skipped to \(skipped)")
        if tokens.hasNaN {
            require(skipped[0] == nil, "NaN was skipped")
        } else {
            require(skipped[0] == tokens.end, "skipped to \(skipped[0] ?? -1), read to \(tokens.end ?? -1)")
        }
        for number in tokens.numbers { check(number, in: line) }
        for text in tokens.texts { check(text) }
        checkTree(line, isValue: tokens.end != nil)
        return 0
    }

    /// Where a line's value ends, by skipping it; nil where there is none.
    private static func skip(_ line: [UInt8], behind: [UInt8]) -> Int? {
        scan(line, from: 0, behind: behind) { (scanner) throws(JSONFailure) in try scanner.skip() }?.end
    }

    /// What `body` reads with a scanner from some place of a line on, and where it ends; nil where that is an error.
    private static func scan<Result>(
        _ line: [UInt8], from start: Int, behind: [UInt8] = [],
        _ body: (inout JSONScanner) throws(JSONFailure) -> Result
    ) -> (value: Result, end: Int)? {
        let brackets = UnsafeMutablePointer<UInt8>.allocate(capacity: JSONScanner.maximumDepth)
        defer { brackets.deallocate() }
        return withExactCopy(of: line + [UInt8(ascii: "\n")] + behind) { memory in
            let bytes = memory.bindMemory(to: UInt8.self)
            guard let base = bytes.baseAddress else { return nil }
            let whole = Line(
                start: base, count: line.count, readableEnd: base + bytes.count, offset: 0, number: 1,
                isOversize: false, endsInNewline: true)
            var scanner = JSONScanner(whole, brackets: brackets)
            scanner.cursor += start
            do throws(JSONFailure) {
                let value = try body(&scanner)
                require(scanner.cursor <= scanner.end, "the scanner left its line")
                return (value, scanner.cursor - base)
            } catch {
                return nil
            }
        }
    }

    /// A number token is what the standard library makes of it.
    private static func check(_ number: Range<Int>, in line: [UInt8]) {
        let text = String(decoding: line[number], as: UTF8.self)
        let double = scan(line, from: number.lowerBound) { (scanner) throws(JSONFailure) in try scanner.number() }
        let expected = Double(text).flatMap { $0.isFinite ? $0 : nil }
        require(double?.value.bitPattern == expected?.bitPattern, "\(text) is \(double?.value ?? .nan)")
        for isLong in [false, true] {
            let integer = scan(line, from: number.lowerBound) { (scanner) throws(JSONFailure) in
                try scanner.integer(isLong: isLong)
            }
            require(integer?.value == Int64(text), "\(text) is the integer \(integer?.value ?? -1), long: \(isLong)")
        }
        let unsigned = scan(line, from: number.lowerBound) { (scanner) throws(JSONFailure) in
            try scanner.unsignedInteger()
        }
        require(unsigned?.value == (text.hasPrefix("-") ? nil : UInt64(text)), "\(text) unsigned")
    }

    private static func check(_ text: ReadTokens.Text) {
        let expected = PlainStrings.decode(text.sent)
        require(text.decoded == expected, "\(text.sent) is decoded as \(text.decoded), not \(expected)")
        require(text.decoded.count <= text.sent.count, "a text grew")
        text.decoded.withUnsafeBufferPointer { bytes in
            let count = CodePoints.count(bytes)
            if let valid = String(validating: bytes, as: UTF8.self) {
                require(count == valid.unicodeScalars.count, "\(count) code points in \(text.decoded)")
            }
            require(count <= bytes.count, "more code points than bytes")
            if let time = RFC3339.microseconds(bytes) {
                require(abs(time) < 1 << 60, "the time \(time) of a year of four digits")
            }
        }
    }

    /// A tree is there where a value is; as text it is JSON without anything a terminal obeys, and of the same tree.
    private static func checkTree(_ line: [UInt8], isValue: Bool) {
        guard let tree = JSONTree(line) else {
            require(!isValue, "no tree of a value")
            return
        }
        require(isValue, "a tree of what is no value")
        let json = tree.json(of: JSONTree.root)
        for scalar in json.unicodeScalars {
            require(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "a control character in \(json)")
        }
        // Keys that are no UTF-8 differ by their bytes and look alike as text: then there are fewer when read again.
        guard !json.unicodeScalars.contains("\u{FFFD}") else { return }
        let again = JSONTree(Array(json.utf8))?.json(of: JSONTree.root)
        require(again == json, "\(json) is read as \(again ?? "nothing")")
    }
}
