import TestSupport
import Testing
import TraceCore
import TraceExport

/// Names from traces in pictures: they stay text, harm nothing, and are cut with a mark.
struct SVGTextTests {
    private static let hostile = [
        "", " ", "</text><script>alert(1)</script>", "<![CDATA[ ]]>", "&lt;&#0;&bogus;", "\"' onload='x' a=\"",
        "\u{1B}[31mred\u{1B}[0m", "\0\u{1}\u{B}\u{7F}\u{9B}31m", "a\nb\r\tc", "\u{202E}txt.exe\u{2066}",
        "\u{FFFE}\u{FFFF}",
        "\u{2028}\u{2029}\u{FEFF}\u{200D}\u{200B}", "請求書を作成する", "e" + String(repeating: "\u{301}", count: 3_000),
        "\u{301}mark", "👨‍👩‍👧‍👦 family 👍🏽 🇩🇪", "שלום", "--><!--", String(repeating: "long ", count: 2_000),
        String(repeating: "界", count: 3_000), "\u{E000}\u{10FFFF}\u{1FFFE}", "url(#wl-wait)", "]]>",
    ]

    /// A run in which every text is one of `hostile`.
    private static var run: TraceAnalysis {
        var batch = EventBatch()
        _ = batch.addProcess(service: hostile[2])
        batch.transaction("run", duration: 100_000) { $0.name = nil }
        for (number, name) in hostile.enumerated() {
            let symbol = batch.symbols.intern(name)
            var task = batch.event(.transaction, "t\(number)<>&\"", start: Int64(number) * 100, duration: 50_000)
            task.parent = Identifier("run")
            task.name = symbol
            task.user = symbol
            task.type = symbol
            batch.events.append(task)
            var span = batch.event(.span, "s\(number)", start: Int64(number) * 100, duration: 40_000)
            span.parent = task.id
            span.transaction = task.id
            span.name = symbol
            (span.type, span.subtype, span.action) = (symbol, symbol, symbol)
            batch.events.append(span)
        }
        return TraceAnalysis(batch.firstTrace)
    }

    @Test(arguments: [480, 960, 2_000]) func hostileNamesStayText(width: Int) throws {
        let text = SVGTests.picture(Self.run) { ($0.width, $0.rows) = (width, nil) }
        let xml = try ParsedXML(text)
        #expect(xml.all("script").isEmpty && xml.places(class: "wl-row").count == 2 * Self.hostile.count + 1)
        let shown = xml.all("text") + xml.all("title") + xml.all("desc")
        #expect(shown.contains { $0.text.contains("<script>") })
        for scalar in shown.lazy.flatMap({ $0.text.unicodeScalars }) where scalar != "\n" {
            let category = scalar.properties.generalCategory
            #expect(![.control, .format, .lineSeparator, .paragraphSeparator, .unassigned].contains(category))
        }
        #expect(xml.all("title").contains { $0.text.contains(#"\u{1b}[31mred"#) })
        #expect(xml.all("title").contains { $0.text.contains(#"\u{202e}txt.exe"#) })
        #expect(xml.all("title").contains { $0.text.contains(#"\u{fffe}\u{ffff}"#) })
    }

    @Test func longNamesAreCutInTheMiddleAndKeepToTheirRoom() throws {
        let batch = EventBatch.filled { batch in
            batch.transaction("run", duration: 100)
            for (id, name) in [
                ("a", "begin" + String(repeating: "x", count: 500) + "end"), ("b", String(repeating: "界", count: 99)),
            ] {
                batch.span(id, parent: "run", of: "run", name: name)
            }
        }
        let xml = try ParsedXML(SVGTests.picture(TraceAnalysis(batch.firstTrace)))
        let names = xml.all("text", class: "wl-name").map(\.text)
        let long = try #require(names.first { $0.hasPrefix("begin") })
        #expect(long.contains("…") && long.hasSuffix("end") && long.count <= 40)
        let wide = try #require(names.first { $0.hasPrefix("界") })
        // A character of East Asia is as wide as two of other alphabets.
        #expect(wide.contains("…") && wide.count <= 21)
        let bars = xml.places(class: "wl-row").flatMap(xml.inside).filter { element in
            element.classes.contains { $0.hasPrefix("wl-hue") }
        }
        let first = try #require(bars.compactMap { $0.number("x") }.min())
        #expect(first >= 20 + 0.3 * 960)
    }

    @Test func usersCanBeHiddenWhereverTheyAreNamed() throws {
        let batch = EventBatch.filled { batch in
            batch.transaction("run", duration: 100_000)
            for user in ["user-0001", "user-0002"] {
                let (name, id) = (batch.symbols.intern("bill \(user)"), batch.symbols.intern(user))
                batch.transaction("t-\(user)", parent: "run", duration: 50_000) { ($0.name, $0.user) = (name, id) }
                batch.span(
                    "s-\(user)", parent: "t-\(user)", of: "t-\(user)", duration: 40_000, name: "GET /\(user)/usage")
            }
        }
        let analysis = TraceAnalysis(batch.firstTrace)
        #expect(SVGTests.picture(analysis).contains("user-0001"))
        let hidden = SVGTests.picture(analysis) { options in
            options.rename = { text in
                ["user-0001", "user-0002"].reduce(text) { text, user in
                    text.split(separator: user, omittingEmptySubsequences: false).joined(separator: "somebody")
                }
            }
        }
        #expect(!hidden.contains("user-0001") && !hidden.contains("user-0002"))
        #expect(hidden.contains("GET /somebody/usage") && hidden.contains(">somebody<"))
    }

    @Test func timesAtTheEdgesOfWhatThereIsAreDrawn() throws {
        let batch = EventBatch.filled { batch in
            batch.transaction("old", start: Microseconds.instants.lowerBound, duration: 0)
            batch.transaction("new", start: Microseconds.instants.upperBound, duration: Microseconds.tenYears)
            for task in 0..<30 { batch.task("t\(task)", start: 0, end: 0, work: [0..<0]) }
        }
        let xml = try ParsedXML(SVGTests.picture(TraceAnalysis(batch.firstTrace)) { $0.rows = nil })
        let width = try #require(xml.elements[0].number("width"))
        for rectangle in xml.all("rect") {
            let (x, span) = (rectangle.number("x") ?? 0, try #require(rectangle.number("width")))
            #expect(x >= 0 && span >= 1 && x + span <= width)
        }
        let instant = EventBatch.filled { $0.transaction("only", start: 5, duration: 0) }
        #expect(try ParsedXML(SVGTests.picture(TraceAnalysis(instant.firstTrace))).places(class: "wl-row").count == 1)
    }
}
