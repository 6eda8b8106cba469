import Testing

@testable import TraceCore

@Suite("Statistics")
struct StatisticsTests {
    @Test("the percentile is the value at the nearest rank", arguments: 1...250)
    func nearestRank(count: Int) {
        let values = (1...Int64(count)).map { $0 * 7 }
        for percent in [1, 50, 90, 95, 99, 100] {
            // ceil(q·n/100), counted up in whole numbers.
            var rank = 1
            while rank * 100 < percent * count { rank += 1 }
            #expect(
                Percentile.value(hundredths: percent * 100, ofSorted: values) == Int64(rank) * 7,
                "p\(percent) of \(count)")
        }
        #expect(Percentile.value(hundredths: 0, ofSorted: values) == 7)
        #expect(Percentile.value(hundredths: 9_990, ofSorted: values) == Int64((999 * count + 999) / 1_000) * 7)
    }

    @Test("nothing has no percentile and statistics of 0")
    func empty() {
        #expect(Percentile.value(hundredths: 5_000, ofSorted: []) == nil)
        #expect(Statistics([]).sum == 0)
        #expect(Statistics([]).p99 == 0)
    }

    @Test("how many values a percentile needs to be shown")
    func needed() {
        let needed = [5_000, 9_000, 9_500, 9_900, 9_990, 10_000].map { Percentile.valuesNeeded(hundredths: $0) }
        #expect(needed == [1, 10, 20, 100, 1_000, 1])
    }

    @Test("all of them, of values in any order")
    func all() {
        let statistics = Statistics((1...200).reversed().map { $0 * 10 })
        #expect(statistics.p50 == 1_000)
        #expect(statistics.p90 == 1_800)
        #expect(statistics.p95 == 1_900)
        #expect(statistics.p99 == 1_980)
        #expect(statistics.max == 2_000)
        #expect(statistics.sum == 201_000)
        #expect(statistics.mean == 1_005)
    }

    @Test(
        "the mean is rounded, halves up",
        arguments: [([1, 2], 2), ([1, 1, 2], 1), ([1, 2, 2], 2), ([0, 0, 0, 2], 1), ([0, 0, 0, 1], 0), ([3], 3)]
            as [([Int64], Int64)])
    func mean(values: [Int64], expected: Int64) {
        #expect(Statistics(values).mean == expected)
    }

    @Test("sums go beyond 64 bits")
    func sums() {
        let statistics = Statistics([Int64](repeating: 2 * Microseconds.tenYears, count: 20_000))
        #expect(statistics.sum == 40_000 * Int128(Microseconds.tenYears))
        #expect(statistics.sum > Int128(Int64.max))
        #expect(statistics.mean == 2 * Microseconds.tenYears)
        #expect(Share(statistics.sum, of: 2 * statistics.sum).tenThousandths == 5_000)
    }

    @Test(
        "a share has four decimals, halves up, and is 0 of nothing",
        arguments: [
            (1, 3, 3_333), (2, 3, 6_667), (1, 20_000, 1), (1, 20_001, 0), (3, 20_000, 2), (1, 8, 1_250), (7, 7, 10_000),
            (0, 5, 0), (5, 0, 0), (0, 0, 0),
        ] as [(Int128, Int128, Int)])
    func share(part: Int128, whole: Int128, expected: Int) {
        #expect(Share(part, of: whole).tenThousandths == expected)
    }

    @Test("a share tells whether it is nothing or all only since it is rounded, and so does its code")
    func roundedShare() {
        for part: Int128 in [0, 1, 49, 50, 500_000, 999_950, 999_951, 999_999, 1_000_000] {
            let share = Share(part, of: 1_000_000)
            let isEnd = share.tenThousandths == 0 || share.tenThousandths == 10_000
            #expect(share.isRounded == (isEnd && part != 0 && part != 1_000_000))
            #expect(Share(code: share.code) == share)
        }
        #expect((0...Share.greatestCode).allSatisfy { Share(code: $0).code == $0 })
    }
}
