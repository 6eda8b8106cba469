import TraceCore
import TraceExport
import TraceIntake
import TraceTerminal

/// A run, or two sets of runs side by side, as a page.
struct HTMLExport {
    let settings: AnalysisSettings
    /// What stands for the id of each user, wherever it is shown; nil where users stand as they are.
    let pseudonym: ((String) -> String)?

    /// The page of a run.
    func page(of run: RunSource.Run, _ lines: StoredLines) throws -> String {
        let analysis = TraceAnalysis(run.trace, settings: settings)
        var builder = TaskReportBuilder(by: [.user], inference: settings.inference)
        builder.add(analysis, isArriving: run.isArriving)
        let report = builder.report(bins: HTMLComparison.bins)
        let errors = try WaterfallCommand.errors(under: Array(run.trace.events.indices), of: run.trace, lines)
        return HTMLRun(
            analysis, report: report, isArriving: run.isArriving, errors: errors.mapValues { $0.map(\.title) },
            rename: rename([run.trace])
        ).text()
    }

    /// The page of two sets of runs, named as they were asked for, files by their names alone. Throws where one is empty.
    func comparison(_ sources: inout [RunSource]) throws -> String {
        var builder = ComparisonBuilder(inference: settings.inference)
        var newest: [HTMLComparison.Side] = []
        for (place, side) in [ComparedSide.a, .b].enumerated() {
            let name = Self.name(of: sources[place].selector)
            var latest: HTMLComparison.Side?
            _ = try sources[place].forEach { run in
                let analysis = TraceAnalysis(run.trace, settings: settings)
                builder.add(analysis, to: side, isArriving: run.isArriving)
                if latest.map({ $0.newest.trace.start >= run.trace.start }) ?? false { return }
                latest = HTMLComparison.Side(name: name, newest: analysis, isArriving: run.isArriving)
            }
            guard let latest else { throw sources[place].nothingFound }
            newest.append(latest)
        }
        let comparison = builder.comparison(users: Self.shownUsers, bins: HTMLComparison.bins)
        try comparison.checkThatTasksAreLeft()
        let rename = rename(newest.map(\.newest.trace), also: comparison)
        return HTMLComparison(comparison, a: newest[0], b: newest[1], rename: rename).text()
    }

    private static let shownUsers = 20

    /// Where a file lies is nobody's business who is sent the page.
    private static func name(of selector: Selector) -> String {
        selector.parts.map { part in
            switch part {
            case .stored(_, let text): text
            case .file(let path): String(path.split(separator: "/").last ?? "")
            }
        }.joined(separator: ",")
    }

    /// Puts pseudonyms in the place of the users of some runs; nil where users stand as they are.
    private func rename(_ traces: [Trace], also comparison: Comparison? = nil) -> ((String) -> String)? {
        guard let pseudonym else { return nil }
        var users: Set<String> = []
        for trace in traces { users.formUnion(NDJSONExport.users(of: trace)) }
        if let comparison {
            // Those of older runs are named, too.
            users.formUnion(comparison.usersGained + comparison.usersLost)
            for changed in [comparison.usersByWork, comparison.usersByTurnaround] {
                users.formUnion(changed.map(\.user))
            }
        }
        let known = UserPseudonyms(users, pseudonym)
        return { known.replacing(in: $0) }
    }
}
