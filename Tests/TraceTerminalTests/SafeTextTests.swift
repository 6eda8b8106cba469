import Testing
import TraceTerminal

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("plain", "plain", 5),
        ("\u{1B}[31m", "\\u{1b}[31m", 10),
        ("a\nb\u{0}\u{7F}\u{85}\u{9B}", "a\\u{a}b\\u{0}\\u{7f}\\u{85}\\u{9b}", 30),
        ("\u{202E}\u{2066}\u{2028}\u{FEFF}", "\\u{202e}\\u{2066}\\u{2028}\\u{feff}", 32),
        ("請求", "請求", 4),
        ("ｆ", "ｆ", 2),
        ("e\u{301}", "e\u{301}", 1),
        ("\u{301}a", "\\u{301}a", 8),
        ("👍", "👍", 2),
        ("👍🏽", "👍\\u{1f3fd}", 11),
        ("❤\u{FE0F}", "❤", 1),
        ("👨\u{200D}👩", "👨\\u{200d}👩", 12),
        ("🇩🇪", "\\u{1f1e9}\\u{1f1ea}", 18),
        ("\u{1112}\u{1161}\u{11AB}", "\u{1112}\u{1161}\u{11AB}", 2),
        ("\u{1161}", "\\u{1161}", 8),
        ("naïve", "naïve", 5),
    ])
    func escapes(raw: String, shown: String, width: Int) {
        let text = SafeText(raw)
        #expect(text.text.unicodeScalars.elementsEqual(shown.unicodeScalars))
        #expect(text.width == width)
    }

    @Test func asciiShowsNothingElse() {
        for name in Samples.hostileNames {
            let text = SafeText(name, ascii: true)
            #expect(text.text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(text.width == text.text.utf8.count)
        }
        #expect(SafeText("é", ascii: true).text == "\\u{e9}")
    }

    @Test func marksDoNotPileUp() {
        let text = SafeText("a" + String(repeating: "\u{301}", count: 1_000))
        #expect(text.width > 1_000)
    }

    @Test func truncationKeepsBothEnds() {
        #expect(SafeText("GET /clusters/used").truncated(to: 9).text == "GET …used")
        #expect(SafeText("GET /clusters/used").truncated(to: 9, ascii: true).text == "GET...sed")
        #expect(SafeText("short").truncated(to: 5).text == "short")
        #expect(SafeText("long").truncated(to: 0).text == "")
    }

    @Test func truncationSplitsNoCharacter() {
        for name in Samples.hostileNames {
            let text = SafeText(name)
            for width in 0...40 {
                let cut = text.truncated(to: width)
                #expect(cut.width <= width)
                let rest = cut.text.split(separator: "…", maxSplits: 1, omittingEmptySubsequences: false)
                guard cut != text, rest.count == 2 else { continue }
                #expect(text.text.hasPrefix(rest[0]) && text.text.hasSuffix(rest[1]))
            }
        }
    }
}
