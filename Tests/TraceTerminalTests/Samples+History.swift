import TraceCore

extension Samples {
    /// A run of a job: tasks behind some slots, all opened at once, each holding its slot for so many tenths of what
    /// those of the first run hold it, begun so many hours later.
    static func run(
        _ number: Int, of name: String = "billing run", tasks: Int = 24, slots: Int = 4, tenths: Int64 = 10,
        service: String = "billing-runner", pid: Int64? = nil
    ) -> TraceAnalysis {
        let digits = "0123456789abcdef"
        let digit = digits[digits.index(digits.startIndex, offsetBy: number % 16)]
        var builder = RunBuilder(trace: String(repeating: digit, count: 32), service: service, pid: pid)
        let start = Int64(number) * 3_600_000_000
        var free = [Int64](repeating: start, count: slots)
        let root = builder.add(.transaction, name, from: start, to: start + 1)
        for task in 0..<tasks {
            let slot = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
            let taking = free[slot]
            free[slot] += (100_000 + Int64(task * 7_919 % 200) * 1_000) * tenths / 10
            let id = builder.add(
                .transaction, "user task", from: start, to: free[slot], under: root, user: "user-\(task)")
            builder.add(.span, "POST /usage", from: taking, to: free[slot], under: id, of: id)
        }
        return builder.analysis
    }

    /// A job that became slower and then faster, one of few tasks, and one with too few runs for a trend.
    static var history: [TraceAnalysis] {
        let bills = zip(0..., [10, 10, 11, 14, 22, 8]).map { run($0, tenths: Int64($1)) }
        let mails = (6..<9).map { run($0, of: "mail", tasks: 5, slots: 8, tenths: Int64($0)) }
        return bills + mails + [run(9, of: "audit", tasks: 2)]
    }

    /// A report by run, in order of time.
    static func historyReport(_ runs: [TraceAnalysis] = history, arriving: Int? = nil) -> TaskReport {
        var builder = TaskReportBuilder(by: [.run])
        for (place, run) in runs.enumerated() { builder.add(run, isArriving: place == arriving) }
        var report = builder.report()
        report.orderByTime()
        return report
    }

    /// What ran beside a run: a heartbeat that is late while the slots are taken, and what another name does now and then.
    static func background(_ names: [String] = ["heartbeat", "GET /health"], service: String = "billing-runner")
        -> BackgroundTasks
    {
        let analysis = run(0, service: service, pid: 7)
        let process = ProcessName(host: nil, pid: 7, node: nil)
        let start = analysis.trace.start
        var others: [OtherTransaction] = []
        for (place, name) in names.enumerated() {
            for beat in Int64(-30)..<30 {
                let isLate = place % 2 == 0 && 0..<10 ~= beat
                let offset = place % 2 == 0 ? beat * 100_000 + (isLate ? beat * 2_000 : 0) : beat * beat * 7_000
                others.append(
                    OtherTransaction(
                        process: process, service: service, name: name, start: start + offset, duration: 300))
            }
        }
        return BackgroundTasks(of: analysis, others: others, isCut: true)
    }
}
