import Foundation
import TestSupport
import Testing
import TraceCore

/// Runs of which the truth is known, some hundred kinds of them, and what is told of them. Each kind says how far that
/// may be missed in 10 runs and in 100. All figures come with
///
///     WAITLINE_SEEDS=100 swift test --filter SimulationTests | grep '^TABLE'
@Suite("Simulated runs of which the truth is known")
struct SimulationTests {
    private static let named = ProcessInfo.processInfo.environment["WAITLINE_SEEDS"].flatMap { Int($0) }
    private static let scores = SimulationScores(seeds: named ?? 10)

    private func check(_ kind: SimulatedKind) async {
        let score = await Self.scores.score(of: kind)
        #expect(score.misses == [], "\(score.tableRow)")
    }

    @Test("what the definitions were found wanting in", arguments: SimulatedKind.issue)
    func issue(kind: SimulatedKind) async { await check(kind) }

    @Test("lines within tasks", arguments: SimulatedKind.within)
    func within(kind: SimulatedKind) async { await check(kind) }

    @Test("pools of any size, with any holds", arguments: SimulatedKind.pools)
    func pools(kind: SimulatedKind) async { await check(kind) }

    @Test("pools that the definitions are not made for", arguments: SimulatedKind.hardPools)
    func hardPools(kind: SimulatedKind) async { await check(kind) }

    @Test("no limit: no line", arguments: SimulatedKind.free)
    func free(kind: SimulatedKind) async { await check(kind) }

    @Test("an event loop that starts tasks one by one: a rate", arguments: SimulatedKind.evenLoops)
    func evenLoops(kind: SimulatedKind) async { await check(kind) }

    @Test("an event loop that starts tasks in no rhythm: hardly ever slots", arguments: SimulatedKind.unevenLoops)
    func unevenLoops(kind: SimulatedKind) async { await check(kind) }

    @Test("of all pools 99 in a hundred are seen, and where there is no limit a line is told of in 1 of a hundred runs")
    func allTogether() async {
        var (pools, seen, free, claimed) = (0, 0, 0, 0)
        for kind in SimulatedKind.pools {
            let score = await Self.scores.score(of: kind)
            (pools, seen) = (pools + score.runs, seen + score.seen)
        }
        for kind in SimulatedKind.free {
            let score = await Self.scores.score(of: kind)
            (free, claimed) = (free + score.runs, claimed + score.claimed)
        }
        #expect(100 * seen >= 99 * pools, "seen in \(seen) of \(pools)")
        #expect(100 * claimed <= free, "claimed in \(claimed) of \(free)")
        guard Self.named != nil else { return }
        var rows = [KindScore.tableHead]
        for kind in SimulatedKind.all { rows.append(await Self.scores.score(of: kind).tableRow) }
        rows.append("TABLE all pools | \(pools) | \(seen); no limit | \(free) | | | \(claimed)")
        print(rows.joined(separator: "\n"))
    }

    @Test("kinds have names of their own, and a seed gives one run")
    func seeds() {
        #expect(Set(SimulatedKind.all.map(\.name)).count == SimulatedKind.all.count)
        for kind in SimulatedKind.issue {
            let (first, again, other) = (kind.run(seed: 3), kind.run(seed: 3), kind.run(seed: 4))
            #expect(first.trace.contents == again.trace.contents)
            #expect(first.trace.contents != other.trace.contents)
        }
    }
}

/// Works out each kind once, whichever test asks first.
private actor SimulationScores {
    private let seeds: Int
    private var known: [String: Task<KindScore, Never>] = [:]

    init(seeds: Int) { self.seeds = seeds }

    func score(of kind: SimulatedKind) async -> KindScore {
        if let score = known[kind.name] { return await score.value }
        let score = Task.detached { [seeds] in KindScore(kind, seeds: seeds) }
        known[kind.name] = score
        return await score.value
    }
}
