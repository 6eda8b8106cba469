import TraceCore

/// The runs that the tests draw.
enum Samples {
    /// Two slots, three users; the third waits, works and fails.
    static var before: TraceAnalysis {
        RunBuilder.run(
            """
            user-1 |####################     |
            user-2 |################         |
            user-3 |................########x|
            """)
    }

    /// The same work, taken from a queue: nobody waits, the third is opened late.
    static var after: TraceAnalysis {
        RunBuilder.run(
            """
            user-1 |####################     |
            user-2 |################         |
            user-3 |                ########x|
            """)
    }

    /// A runner that says itself that it waits.
    static var explicit: TraceAnalysis {
        RunBuilder.run(
            """
            user-1 |##########    |
            user-2 |wwwwwwwwww####|
            """)
    }

    /// Two groups under one root, one of them with much code of its own.
    static var twoGroups: TraceAnalysis {
        var builder = RunBuilder()
        let root = builder.add(.transaction, "nightly", from: 0, to: 2_000_000)
        builder.addTasks("a |##########..........|\nb |####......#######...|", named: "bill", under: root)
        builder.addTasks("c |     #####|\nd |     .....#####|", named: "mail", under: root)
        return builder.analysis
    }

    /// A transaction without a group, and all that can be amiss with events.
    static var defects: TraceAnalysis {
        var builder = RunBuilder()
        let root = builder.add(.transaction, "GET /invoices", from: 0, to: 900_000) { $0.dropped = 7 }
        builder.add(.span, "late", from: 500_000, to: 1_200_000, under: root, of: root)
        builder.add(.span, "early", from: -100_000, to: 200_000, under: root, of: root)
        builder.add(.span, "SELECT", from: 300_000, to: 400_000, under: root, of: root) { $0.compressed = true }
        builder.add(.span, "lost", from: 300_000, to: 320_000, under: .text(Array("gone".utf8)), of: root)
        builder.add(.transaction, "unsampled", from: 600_000, to: 700_000, under: root) { $0.sampled = false }
        builder.add(.span, "instant", from: 800_000, to: 800_000, under: root, of: root)
        builder.add(.span, "a", from: 100, to: 200, under: .short(9), of: root)
        builder.add(.span, "b", from: 150, to: 200, under: .short(8), of: root)
        return builder.analysis
    }

    /// So many users behind so many slots; each works for a tenth to three tenths of a second, and some fail.
    static func crowd(_ users: Int, slots: Int, failing: Set<Int> = []) -> TraceAnalysis {
        var builder = RunBuilder()
        var free = [Int64](repeating: 0, count: slots)
        let root = builder.add(.transaction, "billing run", from: 0, to: 100_000 + Int64(users / slots) * 250_000)
        for user in 0..<users {
            let slot = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
            let start = free[slot]
            free[slot] += 100_000 + Int64(user * 7_919 % 200) * 1_000
            let task = builder.add(
                .transaction, "user task", from: 0, to: free[slot], under: root, user: "user-\(user + 1)"
            ) { if failing.contains(user) { $0.outcome = .failure } }
            builder.add(.span, "POST /usage", from: start, to: free[slot], under: task, of: task)
        }
        return builder.analysis
    }

    /// Tasks of a fraction of a second one after the other, and beside them one that lasts 29 hours.
    static var outlier: TraceAnalysis {
        var builder = RunBuilder()
        let end: Int64 = 29 * 3_600_000_000
        let root = builder.add(.transaction, "billing run", from: 0, to: end + 2_000)
        var free: Int64 = 0
        for user in 0..<40 {
            let start = user == 0 ? 0 : free
            if user > 0 { free += 150_000 + Int64(user * 7_919 % 250) * 1_000 }
            let task = builder.add(
                .transaction, "user task", from: start, to: user == 0 ? end : free, under: root, user: "user-\(user)")
            builder.add(.span, "POST /usage", from: start + 40, to: user == 0 ? end : free, under: task, of: task)
        }
        return builder.analysis
    }

    /// A caller and what another service did for it, by a clock two seconds behind.
    static var skewed: TraceAnalysis {
        var builder = RunBuilder()
        let root = builder.add(.transaction, "GET /invoices", from: 0, to: 900_000)
        let call = builder.add(
            .span, "POST billing", from: 100_000, to: 800_000, under: root, of: root, type: "external")
        let service = builder.symbol("billing")
        let task = builder.add(.transaction, "POST /charge", from: -1_850_000, to: -1_350_000, under: call) {
            $0.service = service
        }
        builder.add(.span, "SELECT", from: -1_800_000, to: -1_700_000, under: task, of: task) { $0.service = service }
        return builder.analysis
    }

    static let hostileNames = [
        "", " ", "plain", "\u{1B}[31mred\u{1B}[0m", "\0\u{7F}\u{9B}31m", "a\nb\r\tc", "\u{202E}txt.exe\u{2066}",
        "\u{2028}\u{2029}\u{FEFF}\u{200D}\u{200B}", "請求書を作成する", "ｆｕｌｌ", "한국어 \u{1112}\u{1161}\u{11AB}",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "\u{301}mark", "👨‍👩‍👧‍👦 family", "👍🏽 ❤️ 🇩🇪 1️⃣", "नमस्ते", "שלום",
        String(repeating: "long ", count: 2_000), String(repeating: "界", count: 3_000), "\u{E000}\u{10FFFF}",
    ]

    /// A run in which every text is one of `hostileNames`.
    static var hostile: TraceAnalysis {
        var builder = RunBuilder(service: "\u{1B}]0;title\u{7}")
        let root = builder.add(.transaction, hostileNames[3], from: 0, to: 2_000_000)
        for (index, name) in hostileNames.enumerated() {
            let start = Int64(index) * 40_000
            let task = builder.add(
                .transaction, hostileNames[13], from: start, to: 1_000_000 + start, under: root, user: name)
            guard index % 3 == 0 else { continue }
            builder.add(.span, name, from: start + 1, to: start + 300_000, under: task, of: task, type: name)
        }
        return builder.analysis
    }

    static func report(
        _ analyses: [TraceAnalysis], by dimensions: [ReportDimension] = [.user], splitsWork: Bool = false,
        percentiles: [PercentileRank] = [], bins: Int = 0
    ) -> TaskReport {
        var builder = TaskReportBuilder(by: dimensions, splitsWork: splitsWork)
        for analysis in analyses { builder.add(analysis, isArriving: false) }
        return builder.report(percentiles: percentiles, bins: bins)
    }
}
