import Testing
import TraceCore
import TraceIntake

@Suite("Hostile JSON")
struct HostileTests {
    private let metadata = Smallest.metadata.json

    private func nested(_ depth: Int, _ open: String, _ close: String) -> Intake {
        let value = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        return Intake(Smallest.transaction.with("transaction.context.custom", "{\"x\":\(value)}"))
    }

    @Test("values nest 10 000 deep and no deeper")
    func nesting() {
        // The line, the transaction, its context and `custom` are four.
        #expect(nested(9_996, "[", "]").result.accepted == 1)
        #expect(nested(9_997, "[", "]").messages.first?.hasSuffix("nested too deeply") == true)
        #expect(nested(9_996, "{\"a\":", "}").result.accepted == 1)
        #expect(nested(9_997, "{\"a\":", "}").messages.first?.hasSuffix("nested too deeply") == true)
        #expect(nested(100_000, "[", "]").messages.first?.hasSuffix("nested too deeply") == true)
        #expect(Intake(lines: ["{\"span\":" + String(repeating: "[", count: 100_000)]).result.rejected == 1)
    }

    @Test("causes may be many, and are checked as far down as anybody looks")
    func causes() {
        func causes(_ depth: Int, _ innermost: String) -> Intake {
            let json =
                String(repeating: "{\"type\":\"t\",\"cause\":[", count: depth) + innermost
                + String(repeating: "]}", count: depth)
            return Intake(Smallest.error.with("error.exception", json))
        }
        #expect(causes(60, "{\"type\":\"t\"}").result.accepted == 1)
        #expect(causes(60, "{\"module\":\"t\"}").result.rejected == 1)
        #expect(causes(4_000, "{\"type\":\"t\"}").result.accepted == 1)
        #expect(causes(5_100, "{\"type\":\"t\"}").messages.first?.hasSuffix("nested too deeply") == true)
    }

    @Test(
        "escapes are decoded; half a surrogate pair is U+FFFD",
        arguments: [
            (#"\u0041\n\t\"\\\/\b\f\r"#, "A\n\t\"\\/\u{8}\u{C}\r"), (#"\ud83d\ude00"#, "😀"), (#"\ud83d"#, "\u{FFFD}"),
            (#"\ude00x"#, "\u{FFFD}x"), (#"\ud83d\n"#, "\u{FFFD}\n"), (#"\ud83dA"#, "\u{FFFD}A"),
            (#"\ud83d\u0041"#, "\u{FFFD}A"), (#"\ud83d\ud83d\ude00"#, "\u{FFFD}\u{FFFD}\u{FFFD}"), (#"\u0000"#, "\0"),
            (#"\uFFFF\u00e9"#, "\u{FFFF}é"),
        ])
    func escapes(_ sent: String, _ expected: String) {
        #expect(Intake(Smallest.transaction.with("transaction.name", "\"\(sent)\"")).text(\.name) == expected)
    }

    @Test(
        "a broken string",
        arguments: [
            #""\x""#, #""\u12""#, #""\u12g4""#, #""abc"#, #""abc\"#, #""abc\""#, #""abc\u00"#, "\"a\u{1}\"", "\"a\tb\"",
            "\"a\\n\u{1F}\"", "\"a\0\"", "'a'",
        ])
    func brokenStrings(_ json: String) {
        for path in [
            "transaction.name", "transaction.unknown", "transaction.context.custom.x", "transaction.context.tags.x",
        ] {
            let intake = Intake(Smallest.transaction.with(path, json))
            #expect(intake.result.accepted == 0, "\(path)")
            let message = intake.messages.first ?? ""
            #expect(
                message.hasPrefix("decode error: data read error: ") || message.contains("did not recognize"),
                "\(message)")
        }
    }

    @Test(
        "a broken value where any may stand",
        arguments: [
            "", "tru", "nul", "fals", "+1", "01", "-", "1.", ".5", "1e", "1e+", "--1", "[1,]", "[,1]", "[1 2]", "{,}",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "[1}", "{\"a\":1]", "NaN", "Infinity",
            "]",
        ])
    func brokenValues(_ json: String) {
        for path in ["transaction.unknown", "transaction.context.custom", "transaction.context.custom.x"] {
            let intake = Intake(Smallest.transaction.with(path, json))
            #expect(intake.result.accepted == 0, "\(path)")
            #expect(intake.messages.first?.hasPrefix("decode error: data read error: ") == true)
        }
    }

    @Test(
        "numbers are read as the nearest double",
        arguments: [
            "0", "0.001", "123.456", "90.34100000000001", "1e22", "1e23", "1e-22", "9007199254740993", "0.1e-7", "1E5",
            "12345678901234567890.123", "4.35", "2.2250738585072014e-308", "1e-400", "1.7976931348623157e308",
            "0.000000000000000000000000000001", "100000000000000000000e-20",
        ])
    func numbers(_ text: String) throws {
        let value = try #require(Double(text))
        let event = Intake(Smallest.transaction.with("transaction.duration", text)).batch.events.first
        #expect(event?.duration == Microseconds.rounded(milliseconds: value))
    }

    @Test("bytes that are no UTF-8 pass, and count as one code point each")
    func invalidUTF8() throws {
        func line(_ name: [UInt8]) -> [UInt8] {
            let parts = Smallest.transaction.with("transaction.name", "\"@\"").json.split(separator: "@")
            return Array(metadata.utf8) + [10] + Array(parts[0].utf8) + name + Array(parts[1].utf8) + [10]
        }
        let name: [UInt8] = [0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0xF5, 0x80]
        let intake = Intake(line(name))
        let event = try #require(intake.batch.events.first)
        let kept = try #require(event.name)
        #expect(intake.batch.symbols.withUTF8(kept) { Array($0) } == name)
        #expect(Intake(line([UInt8](repeating: 0xFF, count: 1024))).result.accepted == 1)
        #expect(Intake(line([UInt8](repeating: 0xFF, count: 1025))).result.accepted == 0)
        let surrogates = [UInt8]([0xED, 0xA0, 0x80])
        #expect(Intake(line(Array(repeatElement(surrogates, count: 341).joined()))).result.accepted == 1)
        #expect(Intake(line(Array(repeatElement(surrogates, count: 342).joined()))).result.accepted == 0)
        let cut: [UInt8] = [0xF0, 0x9F, 0x98]
        #expect(Intake(line(Array(repeatElement(cut, count: 342).joined()))).result.accepted == 0)
    }

    @Test("a string of escapes is as long as what it says")
    func escapedLength() {
        func name(_ json: String) -> Int { Intake(Smallest.transaction.with("transaction.name", json)).result.accepted }
        #expect(name(Rule.quoted("\\u00e9", 1024)) == 1)
        #expect(name(Rule.quoted("\\u00e9", 1025)) == 0)
        #expect(name(Rule.quoted("\\ud83d\\ude00", 1024)) == 1)
        #expect(name(Rule.quoted("\\n", 1025)) == 0)
    }

    @Test("a stream cut anywhere is never accepted beyond its whole lines, and never harms")
    func truncation() {
        let lines = [metadata, Smallest.transaction.json, Smallest.span.json, Smallest.error.json]
        let body = Array(lines.joined(separator: "\n").utf8)
        var ends: [Int] = []
        var end = 0
        for line in lines {
            end += line.utf8.count
            ends.append(end)
            end += 1
        }
        for count in 0...body.count {
            let whole = Intake(Array(body.prefix(count)))
            let expected = ends.dropFirst().filter { $0 <= count }.count
            #expect(whole.result.accepted == expected, "\(count)")
            let broken = Intake(pieces: [body.prefix(count)], breakOff: "cut")
            #expect(broken.result.accepted == ends.dropFirst().filter { $0 < count }.count, "\(count)")
            #expect(broken.result.failure == .brokenOff)
        }
    }

    @Test("random damage never harms")
    func damage() {
        var generator = SplitMix(state: 7)
        let lines = [
            metadata, Smallest.transaction.with("transaction.context.tags", #"{"a":"\u00e9"}"#).json,
            Smallest.span.json,
            Smallest.error.json, Smallest.metricset.json, Smallest.log.json,
        ]
        let body = Array((lines.joined(separator: "\n") + "\n").utf8)
        let characters = Array("\"\\{}[]:,0-.eutnN\n\r \u{1}".utf8) + [0x80, 0xFF]
        var accepted = 0
        for _ in 0..<3000 {
            var damaged = body
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[place] = characters[Int.random(in: 0..<characters.count, using: &generator)]
            }
            accepted += Intake(damaged).result.accepted
        }
        #expect(accepted > 3000)
        #expect(accepted < 15000)
    }
}

/// A small generator of random numbers that gives the same ones in every run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
