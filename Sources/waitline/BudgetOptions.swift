import ArgumentParser
import TraceCore
import TraceTerminal

/// What must not hold (source: `--fail-if` of the command line's contract).
struct BudgetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Exit with 1 where this holds, as 'p95(wait) > 5s' does or not. May be repeated.",
            discussion: """
                A budget is FIGURE RELATION NUMBER.
                FIGURE: p50 ... p99.99, max, mean or sum of total, wait, work, self or delay, as p95(wait), p95:wait, \
                or wait for its sum; makespan (any run's), wait_share, slowdown, failed.
                RELATION: > >= < <= or =.
                NUMBER: a time in us, ms, s, min or h; 10% or 0.1 for wait_share and changes; a number without a unit \
                for failed and slowdown.
                It is held against the overall line; with each: before it, against every group (report, record). In \
                a comparison it is held against side B, as change(FIGURE) against the change from A to B, and \
                FIGURE can be of duration and turnaround too.
                """,
            valueName: "budget"))
    var failIf: [String] = []

    /// The budgets that were given. Throws where one makes no sense: at which character, and what could stand there.
    func budgets(for command: Budget.Command) throws(CommandFailure) -> [Budget] {
        try failIf.map { text throws(CommandFailure) in
            do throws(ExpressionError) {
                return try Budget(parsing: text, for: command)
            } catch {
                throw CommandFailure(.usage, Self.message(error, of: text))
            }
        }
    }

    private static func message(_ error: ExpressionError, of text: String) -> String {
        let rest = text.unicodeScalars.dropFirst(error.position)
        let place =
            rest.isEmpty
            ? "its end" : "character \(error.position + 1), `\(String(String.UnicodeScalarView(rest.prefix(20))))`"
        return "--fail-if `\(text)` is wrong at \(place): expected \(error.expected)"
    }
}

/// Budgets, held against an answer.
struct BudgetCheck {
    /// One line for each that held.
    private var lines: [String]
    private let isBroken: Bool

    /// `report` has the percentiles that the budgets ask for.
    init(_ budgets: [Budget], _ report: TaskReport, ascii: Bool) {
        self.init(budgets, arriving: report.arriving, ascii: ascii) { $0.breaches(in: report) }
    }

    /// `comparison` has the percentiles that the budgets ask for.
    init(_ budgets: [Budget], _ comparison: Comparison, ascii: Bool) {
        let arriving = comparison.a.arriving + comparison.b.arriving
        self.init(budgets, arriving: arriving, ascii: ascii) { $0.breaches(in: comparison) }
    }

    private init(_ budgets: [Budget], arriving: Int, ascii: Bool, breaches: (Budget) -> [BudgetBreach]) {
        lines = budgets.compactMap { budget in
            let breaches = breaches(budget)
            return breaches.isEmpty ? nil : BudgetText(budget, ascii: ascii).line(breaches)
        }
        isBroken = !lines.isEmpty
        if arriving > 0, !budgets.isEmpty {
            let runs = CountText.text(arriving, "run is", "runs are")
            lines.append("--fail-if looked at what has come so far: \(runs) still arriving")
        }
    }

    /// Says on standard error which budgets held, and whether more is still to come.
    func tell() {
        for line in lines { Platform.writeError("waitline: \(SafeLine.text(line))\n") }
    }

    /// Ends the command with 1 where a budget held.
    func end() throws(CommandFailure) {
        if isBroken { throw CommandFailure(.no, nil) }
    }
}
