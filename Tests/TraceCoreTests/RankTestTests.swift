import TestSupport
import Testing

@testable import TraceCore

/// The values that the vectors' script draws from the same seed.
struct DrawnValues: Sendable {
    var seed: UInt64
    var count: Int
    var distinct: UInt64
    var shift: Int64

    var values: [Int64] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Int64(generator.next() % distinct) + shift }
    }
}

@Suite("Rank tests")
struct RankTestTests {
    /// SciPy counts in `Double`, and its own last digits are no better than this.
    private func expect(_ test: RankTest, _ statistic: Int128, _ p: Double, _ name: String) {
        #expect(test.doubledStatistic == statistic, "\(name)")
        #expect(abs(test.p - p) <= 1e-9 * p, "\(name): \(test.p), SciPy \(p)")
        #expect(0...1 ~= test.p)
    }

    @Test("of pairs say what SciPy's wilcoxon says")
    func wilcoxon() {
        for vector in Self.pairs {
            expect(.wilcoxon(vector.differences), vector.doubledStatistic, vector.p, vector.name)
            expect(.wilcoxon(vector.differences.reversed()), vector.doubledStatistic, vector.p, vector.name)
            expect(.wilcoxon(vector.differences.map { -$0 }), vector.doubledStatistic, vector.p, vector.name)
        }
        for vector in Self.drawnPairs {
            expect(.wilcoxon(vector.differences.values), vector.doubledStatistic, vector.p, vector.name)
        }
    }

    @Test("of two sets say what SciPy's mannwhitneyu says, whichever is the first")
    func mannWhitney() {
        for vector in Self.sets {
            let (a, b) = (vector.a.sorted(), vector.b.sorted())
            expect(.mannWhitney(a, b), vector.doubledStatistic, vector.p, vector.name)
            expect(.mannWhitney(b, a), vector.doubledStatistic, vector.p, vector.name)
        }
        for vector in Self.drawnSets {
            let (a, b) = (vector.a.values.sorted(), vector.b.values.sorted())
            expect(.mannWhitney(a, b), vector.doubledStatistic, vector.p, vector.name)
            expect(.mannWhitney(b, a), vector.doubledStatistic, vector.p, vector.name)
        }
    }

    @Test("say that nothing differs where nothing does")
    func nothing() {
        #expect(RankTest.wilcoxon([]).p == 1)
        #expect(RankTest.wilcoxon([0, 0, 0, 0, 0, 0, 0, 0, 0]).p == 1)
        #expect(RankTest.mannWhitney([], []).p == 1)
        #expect(RankTest.mannWhitney([], [1, 2, 3]).p == 1)
        #expect(RankTest.mannWhitney([5], [5]).p == 1)
    }

    @Test("take the longest times there are")
    func longest() {
        let most = [Int64](repeating: .max, count: 20)
        #expect(RankTest.wilcoxon(most).p < 1e-4)
        #expect(RankTest.wilcoxon(most.map { -$0 - 1 }).p < 1e-4)
        #expect(RankTest.mannWhitney(most.map { -$0 }, most).p < 1e-7)
    }

    @Test("the tail of the normal distribution is exact to 1e-12 of itself, down to 1e-300")
    func tail() {
        for (z, p) in Self.tails {
            #expect(abs(NormalTail.twoSided(z) - p) <= 1e-12 * p, "z \(z): \(NormalTail.twoSided(z)), not \(p)")
            #expect(NormalTail.twoSided(-z) == NormalTail.twoSided(z))
        }
    }

    @Test("the tail falls all the way from 1 to 0, and is always a number")
    func falling() {
        var last = 1.0
        for step in 0..<8_000 {
            let p = NormalTail.twoSided(Double(step) / 200)
            #expect(p <= last && p >= 0)
            last = p
        }
        #expect(last == 0)
        for z in [Double.infinity, -.infinity, .greatestFiniteMagnitude, 1e200] {
            #expect(NormalTail.twoSided(z) == 0)
        }
        #expect(NormalTail.twoSided(.nan) == 1)
        #expect(NormalTail.twoSided(.leastNonzeroMagnitude) == 1)
    }

    @Test("a change is a share of the first value, halves away from 0")
    func changes() {
        #expect(Change(from: 1_000, to: 95).tenThousandths == -9_050)
        #expect(Change(from: 20_000, to: 20_001).tenThousandths == 1)
        #expect(Change(from: 20_000, to: 19_999).tenThousandths == -1)
        #expect(Change(from: 20_001, to: 20_000).tenThousandths == 0)
        #expect(Change(from: 0, to: 5).tenThousandths == nil)
        #expect(Change(from: 7, to: 7).tenThousandths == 0)
        #expect(!Change(from: 100, to: 105).exceeds(percent: 5))
        #expect(Change(from: 100, to: 106).exceeds(percent: 5))
        #expect(Change(from: 1_000, to: 949).exceeds(percent: 5))
        #expect(Change(from: 0, to: 1).exceeds(percent: 5))
        #expect(!Change(from: 0, to: 0).exceeds(percent: 5))
    }
}
