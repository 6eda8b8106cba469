import Testing
import TraceCore
import TraceTerminal

/// The browser's screens, at every size and with whatever runs hold.
@Suite struct BrowserScreenTests {
    private static let sizes = [(20, 5), (30, 8), (40, 15), (59, 20), (80, 24), (120, 40)]

    /// No line is wider than the screen, there are as many as rows, and none has control characters of a run's.
    private func check(_ transcript: BrowserTranscript, at location: SourceLocation = #_sourceLocation) {
        #expect(transcript.lines.count == transcript.size.height, sourceLocation: location)
        for line in transcript.screen {
            let width = line.unicodeScalars.reduce(0) { $0 + Self.columns($1) }
            #expect(width <= transcript.size.width, "\(line)", sourceLocation: location)
            let isSafe = line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
            #expect(isSafe, "\(line.debugDescription)", sourceLocation: location)
        }
    }

    /// Enough to tell too wide from wide enough: what is no letter of East Asia counts once or not at
    /// all.
    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: 0
        case _ where (0x1160...0x11FF).contains(scalar.value): 0
        default:
            (0x1100...0x115F).contains(scalar.value) || (0x2E80...0xA4CF).contains(scalar.value)
                || (0xAC00...0xD7A3).contains(scalar.value) || (0xFF01...0xFF60).contains(scalar.value) ? 2 : 1
        }
    }

    @Test("every screen fits every size", arguments: sizes) func fitting(width: Int, height: Int) {
        for run in [Samples.before, Samples.crowd(120, slots: 12), Samples.defects, Samples.hostile] {
            var transcript = BrowserTranscript([run], width: width, height: height)
            for keys in [
                "", "j", "\r", "\t", "\tjjG", "\t", "++", "L", "jl", "L", "r", "q", "iG", "q", "?", " G", "q",
                "/a", "b漢\u{1B}", "fuser\r", "x", "\u{1B}", "\u{1B}", "\u{1B}",
            ] {
                transcript.type(keys)
                check(transcript)
            }
        }
    }

    @Test("a screen too small says so, and works again when it grows") func tooSmall() {
        var transcript = BrowserTranscript([Samples.before], width: 80, height: 24)
        transcript.type("jj")
        let before = transcript.screen
        transcript.resize(19, 24)
        #expect(transcript.screen[0].contains("needs 20x5"))
        transcript.type("jjjj")
        transcript.resize(80, 4)
        #expect(transcript.screen[0].contains("needs 20x5"))
        transcript.resize(1, 1)
        transcript.resize(0, 0)
        transcript.resize(80, 24)
        #expect(transcript.screen == before)
    }

    @Test("the selected row is in reverse video over the whole width, also without colours")
    func selection() throws {
        for options in [TerminalOptions(), TerminalOptions(colors: .indexed), TerminalOptions(ascii: true)] {
            let transcript = BrowserTranscript([Samples.before], options: options)
            let selected = try #require(transcript.selected)
            #expect(selected.count == 80)
            let hasColors = transcript.lines.contains { $0.contains("38;5;") }
            #expect(hasColors == (options.colors == .indexed))
        }
    }

    @Test("the pane shows what is selected, takes keys once it has the focus, and Escape closes it") func pane() {
        var transcript = BrowserTranscript([Samples.before], width: 80, height: 30)
        transcript.type("j\t")
        #expect(transcript.screen.contains { $0.contains("details") })
        #expect(transcript.screen.contains { $0.contains("user-1  ") && $0.contains("transaction") })
        transcript.type("jj")
        #expect(transcript.screen.contains { $0.contains("user user-2") })
        let state = transcript.stateLine
        transcript.type("\tjjj")
        #expect(transcript.stateLine == state)
        transcript.type("\tk")
        #expect(transcript.stateLine != state)
        transcript.type("\u{1B}")
        #expect(!transcript.screen.contains { $0.contains("details") })
    }

    @Test("report and what-if lie over the timeline, and q leads back to where one was") func pages() {
        var transcript = BrowserTranscript([Samples.before])
        transcript.type("jj")
        let before = transcript.screen
        transcript.type("r")
        #expect(transcript.screen[0].contains("3 tasks"))
        transcript.type("q")
        #expect(transcript.screen == before)
        transcript.type("i")
        #expect(transcript.screen.contains { $0.contains("utilisation") })
        transcript.type("\u{1B}?")
        #expect(transcript.screen[0].contains("Keys"))
        transcript.type("q")
        #expect(transcript.screen == before)
        var none = BrowserTranscript([Samples.defects])
        none.type("i")
        #expect(none.screen.contains { $0.contains("no group") })
    }

    @Test("the list opens runs, filters them, and is there again behind Escape") func list() {
        let runs = [Samples.before, Self.other]
        var transcript = BrowserTranscript(runs, showsList: true)
        #expect(transcript.stateLine.hasPrefix("run 1 of 2"))
        transcript.type("j\r")
        #expect(transcript.screen[0].contains("nightly"))
        transcript.type("\u{1B}")
        #expect(transcript.stateLine.hasPrefix("run 2 of 2"))
        transcript.type("/nightly\r")
        #expect(transcript.stateLine.hasPrefix("run 1 of 1"))
        transcript.press(.click(column: 3, row: 1))
        #expect(transcript.screen[0].contains("nightly"))
        transcript.type("\u{1B}f\u{15}none\r")
        #expect(transcript.screen.contains { $0.contains("no run has this") })
        transcript.type("jk\r\u{1B}")
        #expect(transcript.stateLine.hasPrefix("run 1 of 2") || transcript.stateLine.hasPrefix("run 2 of 2"))
    }

    private static var other: TraceAnalysis {
        var builder = RunBuilder(trace: "ffffffff44444444aaaaaaaaaaaaaaaa")
        let root = builder.add(.transaction, "nightly", from: 0, to: 2_000_000)
        builder.addTasks("a |####|\nb |####|", named: "bill", under: root)
        return builder.analysis
    }

    @Test("clicks select and fold, and the wheel scrolls") func mouse() throws {
        var transcript = BrowserTranscript([Samples.before])
        let row = try #require(transcript.screen.firstIndex { $0.contains("user-2") })
        transcript.press(.click(column: 30, row: row))
        #expect(transcript.selected?.contains("user-2") == true)
        transcript.press(.click(column: 0, row: row))
        #expect(transcript.stateLine.contains(" of 7"))
        var long = BrowserTranscript([Samples.crowd(120, slots: 12)], height: 12)
        long.type("c")
        let top = long.screen[2]
        for _ in 0..<5 { long.press(.wheelDown(column: 0, row: 5)) }
        #expect(long.screen[2] != top)
        for _ in 0..<9 { long.press(.wheelUp(column: 0, row: 5)) }
        #expect(long.screen[2] == top)
        long.press(.click(column: 0, row: 0))
        long.press(.click(column: 79, row: 11))
        check(long)
    }

    @Test("a run that comes again with more events leaves what is selected and folded where it is") func following() {
        func run(_ users: Int) -> TraceAnalysis {
            var builder = RunBuilder()
            let root = builder.add(.transaction, "billing run", from: 0, to: 3_000_000)
            let lines = (1...users).map { "user-\($0) |" + String(repeating: " ", count: 20 - $0) + "####|" }
            builder.addTasks(lines.joined(separator: "\n"), under: root)
            return builder.analysis
        }
        var transcript = BrowserTranscript([run(8)])
        transcript.type("/user-5\r\r")
        #expect(transcript.selected?.hasPrefix("▸") == true)
        transcript.replace(by: run(12))
        #expect(transcript.selected?.contains("user-5") == true)
        #expect(transcript.selected?.hasPrefix("▸") == true)
        // One that stood above goes.
        transcript.replace(by: run(6))
        #expect(transcript.selected?.contains("user-5") == true)
        transcript.replace(by: run(3))
        #expect(transcript.selected != nil)
    }

    @Test("what is gone is said in place, and the picture stays") func stale() {
        var transcript = BrowserTranscript([Samples.before], width: 80, height: 30)
        transcript.type("j\t")
        transcript.tell(.stale("this run is no longer stored: this is what was read of it"))
        #expect(transcript.screen[28].contains("no longer stored"))
        transcript.type("j")
        #expect(transcript.screen.contains { $0.contains("not read: this run is no longer stored") })
        #expect(transcript.selected?.contains("SELECT") == true)
        check(transcript)
        transcript.type("\u{1B}\u{1B}")
        #expect(transcript.stateLine.hasPrefix("run 1 of 1"))
        #expect(!transcript.screen.contains { $0.contains("no longer stored") })
        transcript.tell(.failure("bad \u{1B}[31m news"))
        check(transcript)
    }

    @Test("whatever is typed, the screen stays whole") func monkeys() {
        let keys = Array("jkgGhl\r\t/nNeEWVbBfdxscwL+-0z[]riyF?a \u{1B}q\u{04}\u{15}5m漢\u{7F}".unicodeScalars)
        var state: UInt64 = 7
        for run in [Samples.hostile, Samples.crowd(120, slots: 12), Samples.defects, Samples.twoGroups] {
            var transcript = BrowserTranscript([run], width: 70, height: 16)
            for step in 0..<150 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                transcript.type(String(Character(keys[Int((state >> 33) % UInt64(keys.count))])))
                if step % 25 == 0 { transcript.resize(20 + step % 130, 5 + step % 37) }
                if step % 10 == 0 { check(transcript) }
            }
        }
    }
}

/// What is written to a terminal when lines change.
@Suite struct ScreenUpdateTests {
    @Test("only lines that differ are written, all of them after a change of size") func update() {
        var update = ScreenUpdate()
        let first = update.show(["a", "b", "c"])
        #expect(first.contains("\u{1B}[2J"))
        #expect(update.show(["a", "b", "c"]).isEmpty)
        let second = update.show(["a", "B", "c"])
        #expect(second == "\u{1B}[?2026h\u{1B}[2;1H\u{1B}[2KB\u{1B}[?2026l")
        #expect(update.show(["a"]).contains("\u{1B}[2J"))
        update.forget()
        #expect(update.show(["a"]).contains("a"))
    }
}
