import TestSupport
import Testing
import TraceCore
import TraceExport

/// One row for each task of a run.
@Suite struct TaskCSVTests {
    private func drawing(_ edit: (inout Drawing) -> Void = { _ in }) -> Drawing {
        var drawing = Drawing(
            """
            run |             |
            a   |##########   |
            b   |#####        |
            c   |.....########|
            """)
        edit(&drawing)
        return drawing
    }

    private func lines(_ drawing: Drawing, pseudonym: ((String) -> String)? = nil) -> [String] {
        var text = ""
        TaskCSV(pseudonym: pseudonym).write(drawing.analysis) { text += $0 }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The third cell of the first row, with this user.
    private func user(_ text: String, pseudonym: ((String) -> String)? = nil) -> String? {
        let lines = lines(
            drawing { drawing in drawing.edit("a") { event, symbols in event.user = symbols.intern(text) } },
            pseudonym: pseudonym)
        guard let line = lines.first, line.hasPrefix("trace,a,"), let end = line.firstRange(of: ",task,1000000,") else {
            return nil
        }
        return String(line[line.index(line.startIndex, offsetBy: 8)..<end.lowerBound])
    }

    @Test("A row has the quantities of its task, in the order of the header")
    func rows() {
        #expect(
            TaskCSV.header == "run,id,user,name,start_us,total_us,wait_us,work_us,self_us,delay_us,queued_us,"
                + "duration_us,turnaround_us,service,version,outcome,wait_source,released_by,incomplete\n")
        let drawing = drawing { drawing in
            drawing.edit("c") { event, symbols in
                event.outcome = .failure
                event.dropped = 2
                event.messageAge = 5
                event.version = symbols.intern("1.4.2")
                event.user = symbols.intern("user-3")
            }
        }
        let lines = lines(drawing)
        #expect(lines.count == 4 && lines.last == "")
        #expect(lines[0] == "trace,a,,task,1000000,100,0,100,0,0,0,100,100,runner,,unknown,,,false")
        #expect(
            lines[2] == "trace,c,user-3,task,1000000,135,55,80,0,0,5,130,130,runner,1.4.2,failure,mixed,b,true")
    }

    @Test("Transactions that were not sampled are no tasks")
    func unsampled() {
        let drawing = drawing { drawing in drawing.edit("b") { event, _ in event.sampled = false } }
        #expect(lines(drawing).map { $0.prefix(8) } == ["trace,a,", "trace,c,", ""])
    }

    @Test(
        "Texts are quoted where they have to be; what spreadsheets run, and what does harm on a terminal, is not passed on",
        arguments: [
            ("plain user", "plain user"), ("", "\"\""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            (" x", "\" x\""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1,A2)", "\"'@SUM(A1,A2)\""),
            ("＝1", "'＝1"), ("\t=1", "'\\u{9}=1"), ("\rx", "'\\u{d}x"), ("a\nb", "a\\u{a}b"),
            ("a\u{1B}[31m", "a\\u{1b}[31m"), ("\u{9B}\u{7F}\u{202E}\u{2028}", "\\u{9b}\\u{7f}\\u{202e}\\u{2028}"),
            ("a=b", "a=b"), ("é👍", "é👍"),
        ])
    func cells(text: String, cell: String) {
        #expect(user(text) == cell)
    }

    @Test("A pseudonym stands for the user alone, and for nobody where there is none")
    func pseudonyms() {
        #expect(user("alice") { "=" + $0.uppercased() } == "'=ALICE")
        let plain = lines(drawing()) { _ in "nobody" }
        #expect(plain[0].hasPrefix("trace,a,,task,"))
    }

    @Test("A run is written whole, in whatever pieces")
    func pieces() {
        let batch = EventBatch.filled { batch in
            for number in 0..<3_000 { batch.task("t\(number)", start: 0, end: 10, work: []) }
        }
        var pieces: [String] = []
        TaskCSV().write(TraceAnalysis(batch.firstTrace)) { pieces.append($0) }
        #expect(pieces.count > 1)
        #expect(pieces.joined().split(separator: "\n").count == 3_000)
    }
}
