import TestSupport
import Testing
import TraceCore
import TraceExport

/// Runs as pictures that stand alone.
struct SVGTests {
    /// Two slots and three tasks; the third waits for a slot.
    private static let queue = Drawing(
        unit: 10_000,
        """
        run|                    |
        a  |##########          |
        b  |#######.###         |
        c  |..........##########|
        """)

    static func picture(
        _ analysis: TraceAnalysis, _ query: WaterfallQuery = WaterfallQuery(),
        _ change: (inout SVGOptions) -> Void = { _ in }
    ) -> String {
        var options = SVGOptions()
        change(&options)
        return SVGWaterfall(WaterfallOutline(WaterfallLayout(analysis), query: query), options).text()
    }

    @Test func theParserRefusesWhatIsNotWellFormed() throws {
        _ = try ParsedXML("<svg><text>a &amp; b</text></svg>")
        for wrong in [
            "<svg><text></svg>", "<svg>a & b</svg>", "<svg>\u{1B}</svg>", "<svg a=\"<\"/>", "<svg/><svg/>", "",
            "<svg>\u{FFFE}</svg>", "<svg a=\"1\" a=\"2\"/>",
        ] {
            #expect(throws: ParsedXML.NotWellFormed.self) { try ParsedXML(wrong) }
        }
    }

    @Test func aPictureSaysWhatItIsToThoseWhoDoNotSeeIt() throws {
        let xml = try ParsedXML(Self.picture(Self.queue.analysis))
        let root = xml.elements[0]
        #expect(root.name == "svg" && root.attributes["role"] == "img")
        let ids = (root.attributes["aria-labelledby"] ?? "").split(separator: " ")
        let named = ids.compactMap { id in xml.elements.first { $0.attributes["id"] == String(id) } }
        #expect(named.map(\.name) == ["title", "desc"])
        #expect(named[0].text == "Waterfall of run")
        #expect(named[1].text.contains("3 × task, slots 2, makespan 200ms"))
        #expect(named[1].text.contains("1 of 3 tasks waited for one of 2 slots"))
    }

    @Test func nothingComesFromElsewhere() throws {
        let text = Self.picture(Self.queue.analysis)
        let xml = try ParsedXML(text)
        let known: Set = [
            "svg", "title", "desc", "style", "defs", "pattern", "rect", "circle", "path", "text", "g", "tspan",
        ]
        #expect(Set(xml.elements.map(\.name)).isSubset(of: known))
        for element in xml.elements {
            for (name, value) in element.attributes {
                #expect(!name.hasPrefix("on") && !name.contains("href") && name != "style", "\(name)")
                let isReference = value.contains("url(") && !value.hasPrefix("url(#wl-")
                #expect(!isReference && (name == "xmlns" || !value.contains("//")), "\(name)=\(value)")
            }
        }
        let style = try #require(xml.all("style").first).text
        #expect(!style.contains("url(") && !style.contains("@import") && !style.contains("@font-face"))
        #expect(style.contains("@media (prefers-color-scheme:dark)"))
    }

    @Test func theSameRunGivesTheSameBytes() {
        var turned = Self.queue.batch
        turned.events.reverse()
        let text = Self.picture(Self.queue.analysis)
        #expect(text == Self.picture(TraceAnalysis(turned.firstTrace)))
        #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && text.hasSuffix("</svg>\n"))
    }

    @Test func barsStandWhereTheirTimesSay() throws {
        let xml = try ParsedXML(Self.picture(Self.queue.analysis))
        let rows = xml.places(class: "wl-row")
        let byID = Dictionary(uniqueKeysWithValues: rows.map { (xml.elements[$0].attributes["data-id"] ?? "", $0) })
        let task = try #require(byID["c"])
        #expect(xml.elements[task].attributes["data-start"] == "0")
        #expect(xml.elements[task].attributes["data-duration"] == "200000")
        #expect(xml.elements[task].attributes["data-kind"] == "transaction")
        let inside = xml.inside(task)
        let wait = try #require(inside.first { $0.attributes["fill"] == "url(#wl-wait)" })
        let work = try #require(inside.first { $0.classes.contains("wl-work") })
        let (start, width) = (try #require(wait.number("x")), try #require(wait.number("width")))
        #expect(width == work.number("width"))
        #expect(work.number("x") == start + width)
        // Half of the time is half of the room, to half a px.
        let first = try #require(byID["a"])
        let whole = try #require(xml.inside(first).first { $0.classes.contains("wl-work") })
        #expect(whole.number("x") == start && whole.number("width") == width)
        let numbers = inside.filter { $0.classes.contains("wl-number") }.map(\.text)
        #expect(numbers == ["200ms", "100ms", "100ms"])
    }

    @Test func whatIsShortIsSeen() throws {
        let batch = EventBatch.filled { batch in
            batch.transaction("run", duration: 3_600_000_000)
            batch.span("instant", parent: "run", of: "run", start: 1_800_000_000, duration: 0)
            batch.span("end", parent: "run", of: "run", start: 3_600_000_000, duration: 0)
        }
        let xml = try ParsedXML(Self.picture(TraceAnalysis(batch.firstTrace)))
        for place in xml.places(class: "wl-row") {
            let bars = xml.inside(place).filter { bar in
                bar.classes.contains { $0.hasPrefix("wl-hue") || $0 == "wl-own" }
            }
            #expect(bars.count >= 1 && bars.allSatisfy { $0.number("width") ?? 0 >= 1 })
        }
    }

    @Test func failuresAndDefectsHaveSignsAndWords() throws {
        let batch = EventBatch.filled { batch in
            batch.transaction("run", duration: 1_000) { $0.dropped = 3 }
            batch.transaction("t", parent: "run", duration: 500) { $0.outcome = .failure }
            batch.span("lost", parent: "gone", of: "t", start: 100, duration: 100)
            batch.span("many", parent: "t", of: "t", start: 200, duration: 100) { $0.compressed = true }
            batch.span("late", parent: "t", of: "t", start: 400, duration: 300)
            batch.transaction("unsampled", parent: "run", duration: 10) { $0.sampled = false }
        }
        let xml = try ParsedXML(Self.picture(TraceAnalysis(batch.firstTrace)))
        func told(_ id: String) throws -> (signs: String, title: String, crosses: Int) {
            let place = try #require(xml.places(class: "wl-row").first { xml.elements[$0].attributes["data-id"] == id })
            let inside = xml.inside(place)
            let title = try #require(inside.first { $0.name == "title" }).text
            let signs = inside.filter { $0.classes.contains("wl-bad") }.map(\.text).joined()
            return (signs, title, inside.count { $0.classes.contains("wl-cross") })
        }
        #expect(try told("run").signs == " !" && told("run").title.contains("spans were dropped"))
        #expect(try told("t").crosses == 1 && told("t").title.contains("✕ failed"))
        #expect(try told("lost").signs == " ?" && told("lost").title.contains("its parent never came"))
        #expect(try told("many").signs == " ≈" && told("many").title.contains("stands for several spans"))
        #expect(try told("late").signs == " →" && told("late").title.contains("ends after its parent"))
        #expect(try told("unsampled").signs == " ○" && told("unsampled").crosses == 0)
        let words = xml.all("tspan").map(\.text)
        #expect(words.contains("? its parent never came") && words.contains("≈ stands for several spans"))
    }

    @Test func rowsThatAreNotDrawnAreSaid() throws {
        let cut = try ParsedXML(Self.picture(Self.queue.analysis) { $0.rows = 3 })
        #expect(cut.places(class: "wl-row").count == 3)
        #expect(cut.all("tspan").contains { $0.text == "… 5 of 8 rows not shown" })
        let none = try ParsedXML(Self.picture(Self.queue.analysis) { $0.rows = 0 })
        #expect(none.places(class: "wl-row").isEmpty)
        #expect(none.all("tspan").contains { $0.text == "… 8 of 8 rows not shown" })
        #expect(!Self.picture(Self.queue.analysis).contains("not shown"))
    }

    @Test func whatRowsHaveToMeetIsSaid() throws {
        func foot(_ change: (inout WaterfallQuery) -> Void) throws -> String? {
            var query = WaterfallQuery()
            change(&query)
            let picture = Self.picture(Self.queue.analysis, query) {
                $0.rename = { $0.replacing("Ada", with: "user-1f") }
            }
            return try ParsedXML(picture).all("tspan").map(\.text).first { $0.hasPrefix("…") }
        }
        #expect(try foot { $0.minDuration = 150_000 } == "… 6 of 8 rows left out: shown are those of 150ms or more")
        #expect(
            try foot { ($0.text, $0.failedOnly, $0.user) = ("of Ada", true, "Ada") }
                == "… 8 of 8 rows left out: shown are those for user-1f, that failed, with \u{201C}of user-1f\u{201D}")
        let start = Self.queue.analysis.trace.start
        #expect(
            try foot { $0.window = Interval(start: start + 150_000, end: start + 200_000) }
                == "… 5 of 8 rows left out: shown are those from 150.0ms to 200.0ms of the run")
        #expect(try foot { $0.depth = 1 } == "… 4 of 8 rows not shown (deeper)")
        #expect(try foot { _ in } == nil)
    }

    @Test func twoPicturesOnOnePageHaveIDsOfTheirOwn() throws {
        let xml = try ParsedXML(
            Self.picture(Self.queue.analysis) {
                $0.prefix = "wl-b"
                $0.hasStyle = false
            })
        #expect(xml.elements.compactMap { $0.attributes["id"] }.allSatisfy { $0.hasPrefix("wl-b-") })
        let fills = xml.elements.compactMap { $0.attributes["fill"] }
        #expect(!fills.isEmpty && fills.allSatisfy { $0.hasPrefix("url(#wl-b-") })
        #expect(xml.all("style").isEmpty)
    }
}
