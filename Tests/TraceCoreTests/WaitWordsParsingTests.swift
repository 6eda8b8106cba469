import TestSupport
import Testing

@testable import TraceCore

@Suite("Wait words read from a text")
struct WaitWordsParsingTests {
    private let standard = WaitWords.standard

    private func error(_ text: String) -> WaitWordsError? {
        do throws(WaitWordsError) {
            _ = try WaitWords(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test("a section replaces the standard list of its kind")
    func replaces() throws {
        let words = try WaitWords(
            parsing: """
                # how we call waiting
                [types]
                Wait
                ratelimit   # since 2.0
                #queue

                [names]
                  throttled\t
                \u{C9}TAT
                """)
        #expect(words.typeParts == ["wait", "ratelimit"])
        #expect(words.nameWords == ["throttled", "\u{E9}tat"])
        #expect(words.isWaitType("db.RateLimit") && !words.isWaitType("queue"))
        #expect(words.isWaitName("was Throttled") && words.isWaitName("\u{E9}tat_x") && !words.isWaitName("wait"))
    }

    @Test("the list of a section that is not there stays the standard one, and that of an empty one is empty")
    func emptyAndAbsent() throws {
        let types = try WaitWords(parsing: "[types]\nwait")
        #expect(types.typeParts == ["wait"] && types.nameWords == standard.nameWords)
        let none = try WaitWords(parsing: "[names]\n\n# nothing\n")
        #expect(none.typeParts == standard.typeParts && none.nameWords.isEmpty)
        let nothing = try WaitWords(parsing: "[names]\n[types]")
        #expect(!nothing.isWaitType("wait") && !nothing.isWaitName("wait"))
        for text in ["", "\n", "# only this", " \t "] {
            let words = try WaitWords(parsing: text)
            #expect(words.typeParts == standard.typeParts && words.nameWords == standard.nameWords)
        }
    }

    @Test("the standard lists, written out, are the standard lists")
    func written() throws {
        let text = "[types]\n\(standard.typeParts.joined(separator: "\n"))\n[names]\n"
        let words = try WaitWords(parsing: text + standard.nameWords.joined(separator: "\n"))
        #expect(words.typeParts == standard.typeParts && words.nameWords == standard.nameWords)
    }

    @Test("line ends of any system, a byte order mark, white space and a word twice are no matter")
    func layout() throws {
        for text in ["\u{FEFF}[TYPES]\r\nnap\r\n[Names]\r\nnap\r\n", "\t[types]\n nap \nNAP\n[names]\n\u{A0}nap"] {
            let words = try WaitWords(parsing: text)
            #expect(words.typeParts == ["nap"] && words.nameWords == ["nap"], "\(text)")
        }
    }

    @Test("what could not be meant is said with its line")
    func errors() {
        let cases: [(String, Int, String)] = [
            ("wait", 1, "`wait` stands before any section: begin with [types] or [names]"),
            ("# x\n\nwait\n[types]", 3, "`wait` stands before any section: begin with [types] or [names]"),
            ("[words]\nwait", 1, "`[words]` is no section: there are [types] and [names]"),
            ("[types", 1, "`[types` is no section: there are [types] and [names]"),
            ("[types]x", 1, "`[types]x` is no section: there are [types] and [names]"),
            ("[types] wait", 1, "`[types] wait` is no section: there are [types] and [names]"),
            ("[]", 1, "`[]` is no section: there are [types] and [names]"),
            ("[types]\n[names]\n[Types]", 3, "[types] a second time: put all its words into one section"),
            ("[types]\nwait queue", 2, "`wait queue` is more than one word: give each a line"),
            (
                "[types]\r\nwait\r\ndb.lock", 3,
                "`db.lock` has a dot, but types are compared part by part: give the part that says waiting"
            ),
            (
                "[names]\nback-off", 2,
                "`back-off` is no whole word, but names are compared word by word: words are letters and digits only"
            ),
        ]
        for (text, line, message) in cases {
            #expect(error(text) == WaitWordsError(line: line, message: message))
        }
    }

    @Test(
        "nothing but letters and digits makes a word of names",
        arguments: ["a_b", "a.b", "e\u{301}", "a\u{0}", "\u{1B}[31m", "\u{202E}x", "\u{FFFD}", "a#b", "\u{BD}", "'"])
    func nameWords(word: String) throws {
        #expect(error("[names]\n\(word)")?.line == 2)
        // It would never have matched.
        let words = WaitWords(typeParts: [], nameWords: [word.lowercased()])
        #expect(!words.isWaitName(word))
    }

    @Test(
        "any word that is taken matches itself, whatever its case",
        arguments: ["\u{130}", "\u{1E9E}", "\u{3A3}", "\u{664}"])
    func matchesItself(word: String) throws {
        let words = try WaitWords(parsing: "[types]\n\(word)\n[names]\n\(word)")
        #expect(words.isWaitType("a.\(word)") && words.isWaitName("x \(word)"))
    }

    @Test("a long or a binary text is answered at once, its word cut in the message")
    func hostile() {
        let long = String(repeating: "x", count: 1 << 16)
        #expect(error("[types]\n\(long)") == nil)
        #expect(error(long)?.message.hasPrefix("`\(long.prefix(40))…` stands before") == true)
        #expect(error("[types]\n" + String(repeating: "\n", count: 1 << 16) + "a.b")?.line == (1 << 16) + 2)
        #expect(error("[types]\n" + String(repeating: "w\n", count: 1 << 16)) == nil)
        #expect(error(String(decoding: 0...255 as ClosedRange<UInt8>, as: UTF8.self))?.line == 1)
    }

    @Test("a span waits by the words of a text and by no others")
    func spans() throws {
        let trace = EventBatch.filled {
            $0.transaction("task")
            $0.span("wait", of: "task", type: "wait")
            $0.span("nap", of: "task", type: "db.Nap")
            $0.span("doze", of: "task", type: "app", name: "Doze off")
        }.firstTrace
        let words = try WaitWords(parsing: "[types]\nNAP\n[names]\ndoze")
        #expect(TraceAnalysis(trace, settings: AnalysisSettings(words: words)).waitingIDs == ["nap", "doze"])
    }
}
