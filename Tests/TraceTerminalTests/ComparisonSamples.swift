import TraceCore
import TraceTerminal

/// The comparisons that the tests draw.
enum ComparisonSamples {
    /// Users behind slots. Where they are seen, tasks are opened at once, as behind a semaphore; else when their turn
    /// comes, as from a queue. `factor` is how many tenths of the usual time each takes.
    static func run(
        _ id: String, users: [String], slots: Int = 4, isSeen: Bool = true, factor: Int64 = 10
    ) -> TraceAnalysis {
        var builder = RunBuilder(trace: id)
        var free = [Int64](repeating: 0, count: slots)
        let root = builder.add(.transaction, "billing run", from: 0, to: 100_000)
        for (number, user) in users.enumerated() {
            let slot = free.indices.min { (free[$0], $0) < (free[$1], $1) } ?? 0
            let start = free[slot]
            free[slot] += (100_000 + Int64(number * 7_919 % 200) * 1_000) * factor / 10
            let opened = isSeen ? 0 : start
            let task = builder.add(
                .transaction, "user task", from: opened, to: free[slot], under: root, user: user)
            builder.add(.span, "POST /usage", from: start, to: free[slot], under: task, of: task)
        }
        return builder.analysis
    }

    static func users(_ numbers: Range<Int>) -> [String] { numbers.map { "user-\($0)" } }

    static func compare(_ a: [TraceAnalysis], _ b: [TraceAnalysis], width: Int = 100) -> Comparison {
        var builder = ComparisonBuilder()
        for analysis in a { builder.add(analysis, to: .a, isArriving: false) }
        for analysis in b { builder.add(analysis, to: .b, isArriving: false) }
        return builder.comparison(bins: ComparisonView.bins(width: width))
    }

    /// The queue in the place of the semaphore.
    static func measurement(width: Int) -> Comparison {
        compare(
            [run("aaaa", users: users(0..<60))], [run("bbbb", users: users(0..<60), isSeen: false)], width: width)
    }

    /// Two releases, of several runs each; in the second everything takes half as long again, and some users went.
    static func work(width: Int) -> Comparison {
        let before = ["a1", "a2", "a3"].map { run($0, users: users(0..<50)) }
        let after = ["b1", "b2"].map { run($0, users: users(3..<51), factor: 15) }
        return compare(before, after + [before[0]], width: width)
    }

    /// Names that must not reach a terminal as they are, half of them new.
    static func hostile(width: Int) -> Comparison {
        let names = Samples.hostileNames
        return compare(
            [run("aaaa", users: Array(names.dropLast(6)))],
            [run("bbbb", users: Array(names.dropFirst(6)), slots: 8)], width: width)
    }
}
