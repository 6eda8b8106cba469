import Testing
import TraceCore
import TraceTerminal

/// Keys that are typed, and what the screen shows then.
@Suite struct BrowserTests {
    @Test("moving selects rows, and stops at both ends") func moving() throws {
        var transcript = BrowserTranscript([Samples.before])
        #expect(transcript.selected?.contains("billing run") == true)
        transcript.type("j")
        #expect(transcript.selected?.contains("user-1") == true)
        transcript.type("kkkk")
        #expect(transcript.stateLine.hasPrefix("row 1 of 8"))
        transcript.type("G")
        #expect(transcript.stateLine.hasPrefix("row 8 of 8"))
        transcript.type("\u{1B}[A\u{1B}[H\u{1B}[B")
        #expect(transcript.stateLine.hasPrefix("row 2 of 8"))
        transcript.type("\u{04}\u{04}\u{15}")
        #expect(transcript.stateLine.hasPrefix("row 1 of 8"))
    }

    @Test("folding hides what is below, and h leads to the parent") func folding() throws {
        var transcript = BrowserTranscript([Samples.before])
        transcript.type("j")
        transcript.type("\r")
        #expect(transcript.stateLine.hasPrefix("row 2 of 7"))
        #expect(transcript.selected?.hasPrefix("▸") == true)
        transcript.type("l")
        #expect(transcript.selected?.hasPrefix("▾") == true)
        transcript.type("l")
        #expect(transcript.selected?.contains("SELECT") == true)
        transcript.type("h")
        #expect(transcript.selected?.contains("user-1") == true)
        transcript.type("hhh")
        #expect(transcript.stateLine.hasPrefix("row 1 of 1"))
        #expect(transcript.selected?.contains("billing run") == true)
    }

    @Test("a large run begins folded, and c unfolds all of it and back") func largeRuns() throws {
        var transcript = BrowserTranscript([Samples.crowd(120, slots: 12)])
        #expect(transcript.stateLine.hasPrefix("row 1 of 5"))
        transcript.type("j")
        #expect(transcript.selected?.contains("120 × user task") == true)
        transcript.type("l")
        #expect(transcript.stateLine.hasPrefix("row 2 of 122"))
        transcript.type("lll")
        #expect(transcript.stateLine.hasPrefix("row 4 of 123"))
        transcript.type("hhh")
        #expect(transcript.stateLine.hasPrefix("row 2 of 122"))
        transcript.type("c")
        let rows = Samples.crowd(120, slots: 12).trace.events.count
        #expect(transcript.stateLine.contains(" of \(rows)"))
        transcript.type("cg")
        #expect(transcript.stateLine.hasPrefix("row 1 of 5"))
    }

    @Test("a folded group shows its exemplars, and Enter leads from one to its row") func exemplars() throws {
        var transcript = BrowserTranscript([Samples.crowd(120, slots: 12)])
        transcript.type("jj")
        for rank in ["├ p50 user-", "├ p99 user-", "└ max user-"] {
            #expect(transcript.selected?.contains(rank) == true)
            transcript.type("j")
        }
        let name = try #require(transcript.selected?.firstMatch(of: /user-[0-9]+/)?.output)
        transcript.type("s")
        #expect(transcript.selected?.contains("max \(name) ") == true, "another order keeps what is selected")
        transcript.replace(by: Samples.crowd(120, slots: 12))
        #expect(transcript.selected?.contains("max \(name) ") == true, "and so does news of the run")
        transcript.type("h")
        #expect(transcript.stateLine.hasPrefix("row 2 of 5"))
        transcript.type("jjjn/\(name)\r")
        #expect(transcript.stateLine.contains(" of 123"), "a search unfolds the fold, and what it found")
        transcript.type("hhh")
        #expect(transcript.stateLine.hasPrefix("row 2 of 5"))
        transcript.type("G\r")
        #expect(transcript.stateLine.contains(" of 123"))
        #expect(transcript.selected?.contains(name) == true && transcript.selected?.contains("max") == false)
    }

    @Test("a search goes to the first match as it is typed; n, N and Escape go on and back") func search() throws {
        var transcript = BrowserTranscript([Samples.crowd(120, slots: 12)])
        transcript.type("/user-")
        #expect(transcript.stateLine.hasPrefix("/user-"))
        transcript.type("7")
        #expect(transcript.selected?.contains("user-7 ") == true)
        transcript.type("\u{1B}")
        #expect(transcript.stateLine.hasPrefix("row 1 of 5"))
        transcript.type("/USER-11\r")
        #expect(transcript.selected?.contains("user-11 ") == true)
        transcript.type("n")
        #expect(transcript.selected?.contains("POST /usage") == true)
        transcript.type("nNN")
        #expect(transcript.selected?.contains("user-11 ") == true)
        transcript.type("/no such thing\r")
        #expect(transcript.stateLine.contains("nothing has"))
        transcript.type("/q?jF\u{7F}")
        #expect(transcript.stateLine.hasPrefix("/q?j"))
        #expect(transcript.actions.isEmpty)
    }

    @Test("e, W and b lead to failures, waiters and releasers, and B back") func going() throws {
        var transcript = BrowserTranscript([Samples.before])
        transcript.type("e")
        #expect(transcript.selected?.contains("user-3") == true)
        transcript.type("gW")
        #expect(transcript.selected?.contains("user-3") == true)
        transcript.type("b")
        #expect(transcript.selected?.contains("user-2") == true)
        transcript.type("b")
        #expect(transcript.stateLine.contains("no task released this one"))
        transcript.type("B")
        #expect(transcript.selected?.contains("user-3") == true)
        transcript.type("W")
        #expect(transcript.stateLine.contains("this is the only one"))
        var calm = BrowserTranscript([Samples.after])
        calm.type("W")
        #expect(calm.stateLine.contains("there is none"))
    }

    @Test("filters keep what is above a match, and Escape takes them away") func filters() throws {
        var transcript = BrowserTranscript([Samples.before])
        transcript.type("fuser-2\r")
        #expect(transcript.screen.contains { $0.contains("user-2") })
        #expect(!transcript.screen.contains { $0.contains("user-1") })
        #expect(transcript.stateLine.contains("filter “user-2”"))
        transcript.type("f\u{15}nobody\r")
        #expect(transcript.screen.contains { $0.contains("nothing is left") })
        transcript.type("jk\r\tlh")
        transcript.type("\u{1B}")
        transcript.type("\u{1B}")
        #expect(transcript.stateLine.contains(" of 8"))
        transcript.type("d1.8s\r")
        #expect(transcript.screen.contains { $0.contains("user-1") })
        #expect(!transcript.screen.contains { $0.contains("user-2") })
        transcript.type("dsoon\r")
        #expect(transcript.stateLine.contains("no duration"))
        transcript.type("d\rx")
        #expect(transcript.stateLine.contains("failures only"))
        #expect(!transcript.screen.contains { $0.contains("user-1") })
    }

    @Test("zoom and pan change the axis, and the minimap says where one is") func time() throws {
        var transcript = BrowserTranscript([Samples.before])
        let whole = transcript.screen[1]
        transcript.type("++")
        #expect(transcript.screen[2].contains("whole run"))
        #expect(transcript.screen[1] != whole)
        let near = transcript.screen[1]
        transcript.type("]")
        #expect(transcript.screen[1] != near)
        transcript.type("[")
        #expect(transcript.screen[1] == near)
        transcript.type("0")
        #expect(transcript.screen[1] == whole)
        transcript.type("+" + String(repeating: "+", count: 80) + "]]]]-[[")
        transcript.type("0")
        #expect(transcript.screen[1] == whole)
        transcript.type("Gz")
        #expect(transcript.screen[2].contains("whole run"))
    }

    @Test("w takes waits off the bars") func waits() throws {
        var transcript = BrowserTranscript([Samples.before])
        #expect(transcript.screen.contains { $0.contains("░") })
        transcript.type("w")
        #expect(!transcript.screen.contains { $0.contains("░") })
        #expect(transcript.stateLine.contains("waits off"))
    }

    @Test("lanes show as many lines as there are slots") func lanes() throws {
        var transcript = BrowserTranscript([Samples.crowd(120, slots: 12)])
        transcript.type("L")
        #expect(transcript.stateLine.hasPrefix("lane 1 of 12"))
        transcript.type("jl")
        #expect(transcript.stateLine.hasPrefix("lane 2 of 12"))
        transcript.type("z")
        let lane = try #require(transcript.screen.first { $0.contains("user-") })
        let name = try #require(lane.firstMatch(of: /user-[0-9]+/)?.output)
        #expect(lane.ranges(of: name).count == 2, "beside its lane, and where there is room on it")
        transcript.type("0")
        #expect(transcript.screen.contains { $0.contains("lane 3") && $0.contains("▊█") }, "tasks are told apart")
        let task = transcript.stateLine
        transcript.type("h")
        #expect(transcript.stateLine != task)
        transcript.type("l\r")
        #expect(transcript.selected?.contains("user-") == true)
        var none = BrowserTranscript([Samples.defects])
        none.type("L")
        #expect(none.stateLine.contains("no lanes"))
    }

    @Test("A moves what another process did into its span, and back") func clocks() throws {
        var transcript = BrowserTranscript([Samples.skewed], width: 120)
        let before = transcript.screen
        #expect(!before.contains { $0.contains("⇄") })
        transcript.type("jjA")
        #expect(transcript.stateLine.contains("2 rows were moved into the span above"))
        #expect(transcript.selected?.contains("arge ← ⇄") == true)
        // The axis is as long as what is left of the run, and nothing stands before its caller.
        #expect(transcript.screen[1].contains("0.90s") || transcript.screen[1].contains("900ms"))
        transcript.type("z")
        #expect(transcript.stateLine.contains("clocks aligned"))
        transcript.type("\u{1B}A")
        #expect(transcript.stateLine.contains("times as they were sent"))
        transcript.type("g")
        #expect(transcript.screen == before)
        var same = BrowserTranscript([Samples.before])
        same.type("A")
        #expect(same.stateLine.contains("nothing of another process lies outside"))
        same.type("L")
        let lanes = same.screen
        same.type("A")
        #expect(same.screen.dropLast() == lanes.dropLast())
    }

    @Test("the id goes to the clipboard, and Ctrl-Z, Ctrl-C and q are passed on") func actions() throws {
        var transcript = BrowserTranscript([Samples.before])
        transcript.type("jy\u{1A}\u{0C}F\u{03}q")
        let id = Samples.before.trace.events[1].id.text
        #expect(transcript.actions == [.copy(id), .suspend, .redraw, .follow(true), .quit, .quit])
    }
}
