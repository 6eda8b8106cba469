import Foundation
import TestSupport
import Testing
import TraceCore

@testable import TraceExport

/// Pages that stand alone. What a browser makes of them is `.ci/browser`'s to find out.
@Suite("HTML")
struct HTMLTests {
    private static let hostile = [
        "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]>--><!--", "a&amp;b", "'`${x}",
        "\u{202E}gnp\u{2028}.exe\u{0}\u{1B}[2J", "</title></style></textarea>", "<svg/onload=alert(1)>",
    ]

    /// Three tasks behind one slot.
    private static let drawing = Drawing(
        """
        run |#########|
        u1  |###......|
        u2  |...###...|
        u3  |......###|
        """)

    private static func page(_ drawing: Drawing, rename: ((String) -> String)? = nil) -> String {
        page(drawing.analysis, rename: rename)
    }

    private static func page(
        _ analysis: TraceAnalysis, errors: [Int: [String]] = [:], rename: ((String) -> String)? = nil
    ) -> String {
        var builder = TaskReportBuilder(by: [.user])
        builder.add(analysis, isArriving: false)
        let report = builder.report(bins: 40)
        return HTMLRun(analysis, report: report, isArriving: false, errors: errors, rename: rename).text()
    }

    /// With hostile texts wherever an agent can put one.
    private static var hostileAnalysis: TraceAnalysis {
        var drawing = drawing
        for (place, name) in ["run", "u1", "u2", "u3", "u1.0", "u2.0", "u3.0"].enumerated() {
            drawing.edit(name) { event, symbols in
                let text = hostile[place]
                event.name = symbols.intern(text)
                if event.kind == .transaction, name != "run" { event.user = symbols.intern("user " + text) }
                event.type = symbols.intern("type " + text)
                event.subtype = symbols.intern(text)
                event.service = symbols.intern(hostile[7])
                event.id = event.kind == .span ? Identifier(text) : event.id
            }
        }
        return drawing.analysis
    }

    private static func comparisonPage(_ a: TraceAnalysis, _ b: TraceAnalysis, names: [String] = ["a", "b"]) -> String {
        var builder = ComparisonBuilder()
        builder.add(a, to: .a, isArriving: false)
        builder.add(b, to: .b, isArriving: false)
        let sides = zip(names, [a, b]).map { HTMLComparison.Side(name: $0, newest: $1, isArriving: false) }
        return HTMLComparison(builder.comparison(bins: HTMLComparison.bins), a: sides[0], b: sides[1]).text()
    }

    /// What stands between two texts, each time.
    private static func parts(_ page: String, from start: String, to end: String) -> [String] {
        page.components(separatedBy: start).dropFirst().map { $0.components(separatedBy: end)[0] }
    }

    private static func data(_ page: String) throws -> [String: Any] {
        let json = try #require(parts(page, from: "<script type=\"application/json\">", to: "</script>").first)
        return try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test("a text is text wherever it stands: in elements, attributes, data and pictures")
    func hostileTexts() throws {
        let analysis = Self.hostileAnalysis
        let errors = [0: Self.hostile]
        let pages = [Self.page(analysis, errors: errors), Self.comparisonPage(analysis, analysis, names: Self.hostile)]
        for (page, scripts) in zip(pages, [2, 3]) {
            #expect(page.components(separatedBy: "<script").count - 1 == scripts)
            #expect(page.components(separatedBy: "</script").count - 1 == scripts)
            #expect(page.components(separatedBy: "<style").count == 2)
            #expect(page.components(separatedBy: "<title>").count - 1 >= 2)
            for mark in ["<img", "<svg/", "-->", "<!--", "]]>", "</textarea", "a&amp;b<"] {
                #expect(!page.contains(mark), "\(mark)")
            }
            let hidden = page.unicodeScalars.filter { $0 != "\n" && $0.isHarmful }
            #expect(hidden.isEmpty, "\(hidden.map { String($0.value, radix: 16) })")
            #expect(page.contains("a&amp;amp;b"))
            #expect(page.contains("&lt;/script&gt;"))
        }
        let texts = try #require(try Self.data(pages[0])["texts"] as? [String])
        #expect(texts.contains("</script><script>alert(1)</script>"))
        #expect(texts.contains("\\u{202e}gnp\\u{2028}.exe\\u{0}\\u{1b}[2J"))
    }

    @Test("the policy lets in the style and the program that stand in the page, by their hashes, and nothing else")
    func policy() throws {
        let page = Self.page(Self.drawing)
        let policy = try #require(Self.parts(page, from: "Content-Security-Policy\" content=\"", to: "\"").first)
        func hash(_ text: String) -> String {
            "'sha256-" + Data(SHA256.digest(Array(text.utf8))).base64EncodedString() + "'"
        }
        let script = try #require(Self.parts(page, from: "<script>", to: "</script>").last)
        let style = try #require(Self.parts(page, from: "<style>", to: "</style>").first)
        #expect(
            policy.components(separatedBy: "; ") == [
                "default-src 'none'", "style-src \(hash(style))", "script-src \(hash(script))", "base-uri 'none'",
                "form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
            ])
        // Nothing that it would stop.
        let markup = page.replacingOccurrences(of: script, with: "").replacingOccurrences(of: style, with: "")
        for attribute in [" style=", " onload=", " onclick=", " src=", " href=", " action=", "xlink:"] {
            #expect(!markup.contains(attribute), "\(attribute)")
        }
        let addresses = Set(Self.parts(page, from: "http", to: "\"").map { "http" + $0 })
        #expect(addresses == ["http://www.w3.org/2000/svg", "http-equiv="])
    }

    @Test("the same run gives the same bytes")
    func same() {
        #expect(Self.page(Self.drawing) == Self.page(Self.drawing))
        let analysis = Self.drawing.analysis
        #expect(Self.comparisonPage(analysis, analysis) == Self.comparisonPage(analysis, analysis))
    }

    @Test("the columns say of each row what the analysis does")
    func columns() throws {
        let data = try Self.data(Self.page(Self.drawing))
        let rows = try #require(data["rows"] as? [String: [Any]])
        #expect(data["length"] as? Int == 90)
        #expect(rows["depth"] as? [Int] == [0, 1, 1, 2, 1, 2, 1, 2])
        #expect(rows["start"] as? [Int] == [0, 0, 0, 0, 0, 30, 0, 60])
        #expect(rows["duration"] as? [Int] == [90, 90, 90, 30, 90, 30, 90, 30])
        let tasks = try #require(data["tasks"] as? [String: [Any]])
        let analysis = Self.drawing.analysis
        let order = WaterfallTree(analysis.trace).rows.map(\.event).filter { analysis.breakdown($0) != nil }
        #expect(tasks["wait"] as? [Int] == order.map { Int(analysis.breakdown($0)?.wait ?? -1) })
        let states = try #require(tasks["states"] as? [[Int]])
        for (states, event) in zip(states, order) {
            let expected = analysis.partition(event)?.stretches.flatMap { stretch -> [Int] in
                let state =
                    switch stretch.state {
                    case .wait: 0
                    case .own: 1
                    case .work: 2
                    }
                return [state, Int(stretch.interval.length)]
            }
            #expect(states == expected)
        }
    }

    @Test("a user whose name shows nothing stands between quotes, in the tables as in the program's columns")
    func namelessUser() throws {
        var drawing = Self.drawing
        for (name, user) in [("u1", ""), ("u2", " "), ("u3", "u3")] {
            drawing.edit(name) { event, symbols in event.user = symbols.intern(user) }
        }
        let page = Self.page(drawing)
        var slower = drawing
        slower.edit("u1", "u2", "u3") { event, _ in event.duration += 20 }
        let both = Self.comparisonPage(drawing.analysis, slower.analysis)
        for user in ["&quot;&quot;", "&quot; &quot;", "u3"] {
            let cell = "<th scope=\"row\">\(user)</th>"
            #expect(page.contains(cell) && both.contains(cell), "\(user)")
        }
        let data = try Self.data(page)
        let texts = try #require(data["texts"] as? [String])
        let users = try #require((data["rows"] as? [String: [Any]])?["user"] as? [Int])
        #expect(Set(users.filter { $0 >= 0 }.map { texts[$0] }) == ["\"\"", "\" \"", "u3"])

        var other = Self.drawing
        other.edit("u1") { event, symbols in event.user = symbols.intern("u1") }
        let changed = Self.comparisonPage(drawing.analysis, other.analysis)
        #expect(changed.contains("lost: &quot;&quot;, &quot; &quot;, u3"))
    }

    @Test("what stands for a user stands for him everywhere")
    func renamed() {
        var drawing = Self.drawing
        for (place, name) in ["u1", "u2", "u3"].enumerated() {
            drawing.edit(name) { event, symbols in event.user = symbols.intern("anna-\(place)") }
        }
        drawing.edit("u1.0") { event, symbols in event.name = symbols.intern("GET /users/anna-0/bill") }
        let rename: (String) -> String = { $0.replacingOccurrences(of: "anna", with: "somebody") }
        #expect(Self.page(drawing).contains("anna"))
        let page = Self.page(drawing, rename: rename)
        #expect(!page.contains("anna"))
        #expect(page.contains("GET /users/somebody-0/bill"))
    }

    @Test("beside one that is far longer, short ones are told")
    func outlier() {
        let drawing = Drawing(
            unit: 50_000,
            """
            run |#########|
            u1  |####.....|
            u2  |....#####|
            """)
        var changed = drawing
        changed.edit("u2", "u2.0", "run") { event, _ in event.duration = 29 * 3_600_000_000 }
        let page = Self.page(changed)
        for cell in [">450ms<", ">200ms<", ">29.00h<"] { #expect(page.contains(cell), "\(cell)") }
        #expect(!page.contains("&lt;0.01"))
    }

    @Test("a run of nothing but spans is a page, too")
    func spansAlone() throws {
        var drawing = Self.drawing
        drawing.batch.events.removeAll { $0.kind == .transaction }
        let page = Self.page(drawing)
        #expect(page.contains("a run without a transaction"))
        #expect(page.contains("no tasks"))
        #expect((try Self.data(page)["rows"] as? [String: [Any]])?["start"]?.count == drawing.batch.events.count)
    }

    @Test("a user table that is cut says so")
    func manyUsers() {
        var batch = EventBatch.filled { _ in }
        for task in 0..<1_003 {
            var event = batch.event(.transaction, "task \(task)", start: Int64(task), duration: 10, of: "run")
            event.parent = Identifier("root")
            event.user = batch.symbols.intern("user \(task)")
            batch.events.append(event)
        }
        let page = Self.page(TraceAnalysis(batch.firstTrace))
        #expect(page.contains("1 003 users, largest wait first … 3 of 1 003 not shown"))
        #expect(page.components(separatedBy: "<th scope=\"row\">user ").count - 1 == 1_000)
    }

    @Test("bytes as Base64 text", arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{FFFD}\u{1F600}?>"])
    func base64(_ text: String) {
        #expect(Base64.text(Array(text.utf8)) == Data(text.utf8).base64EncodedString())
    }
}

/// The program in the page, as far as that can be told without a browser.
@Suite("HTML's program")
struct HTMLScriptTests {
    @Test("is well formed", .enabled(if: Self.node != nil))
    func wellFormed() throws {
        #expect(try Self.run(HTMLScript.text, ["--check"]).isEmpty)
    }

    @Test("tells durations as the rest of the program does", .enabled(if: Self.node != nil))
    func durations() throws {
        let sizes = (0..<12).flatMap { exponent in
            let size = (0..<exponent).reduce(Int64(1)) { value, _ in value * 10 }
            return [size, 3 * size - 1, 4 * size + 2, 999_499 * size / 1_000_000]
        }
        let pairs = sizes.flatMap { longest in sizes.filter { 0 < $0 && $0 <= longest }.map { (longest, $0) } }
        let told = try Self.run(
            """
            const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
            \(HTMLScript.durations)
            for (const [longest, duration] of \(pairs.map { [$0, $1] })) {
              const [form, zoom] = [durationForm(longest), zoomForm(longest, duration)];
              console.log(`${durationText(duration, form)} ${durationText(longest, zoom)}`);
            }
            const day = 8.64e10;
            console.log(endTexts(day, day + 2e5, durationForm(2 * day)).join(" "));
            console.log(ticks(day, 4e5, 2 * day, 400).map((tick) => tick.text).join(" "));
            console.log(ticks(0, 1.24e6, 1.24e6, 400).map((tick) => tick.text).join(" "));
            """)
        let expected = pairs.map { longest, duration in
            let zoom = DurationText(fitting: Int128(longest), resolving: duration, ascii: false)
            return DurationText(fitting: longest, ascii: false).text(duration) + " " + zoom.text(longest)
        }
        #expect(told.count == expected.count + 3)
        for (pair, (told, expected)) in zip(pairs, zip(told, expected)) { #expect(told == expected, "\(pair)") }
        #expect(
            told.suffix(3) == [
                "86400.000s 86400.200s", "86400.0s 86400.1s 86400.2s 86400.3s 86400.4s", "0s 0.5s 1.0s",
            ])
    }

    /// Runs a program to its end; the lines that it writes.
    private static func run(_ program: String, _ arguments: [String] = []) throws -> [String] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).js")
        try Data(program.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let (process, output) = (Process(), Pipe())
        process.executableURL = node
        process.arguments = arguments + [file.path]
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test(
        "makes no markup of texts and asks nothing of the network",
        arguments: [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttp",
            "WebSocket", "import(", "sendBeacon", "localStorage", "location", "setAttribute(\"style\"", "</",
        ])
    func harmless(_ word: String) {
        #expect(!HTMLScript.text.contains(word))
    }

    @Test("has no line that is too long to be read")
    func lines() {
        let long = (HTMLScript.text + HTMLStyle.text).split(separator: "\n").filter { $0.count > 132 }
        #expect(long.isEmpty, "\(long)")
    }

    private static let node = ["/usr/bin/node", "/usr/local/bin/node", "/opt/homebrew/bin/node"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }
}
