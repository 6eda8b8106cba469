import TestSupport
import Testing

@testable import TraceCore

@Suite("Statistics of groups")
struct GroupedStatisticsTests {
    private func expectNaive(_ values: [Int64], _ places: [UInt32], groups: Int, _ comment: Comment) {
        var counts = [Int](repeating: 0, count: groups)
        for place in places { counts[Int(place)] += 1 }
        let statistics = GroupedStatistics(places, counts: counts) { values[$0] }
        #expect(statistics.overall.figures == ReportReference.naive(values), comment)
        for group in counts.indices {
            let own = zip(places, values).filter { $0.0 == UInt32(group) }.map(\.1)
            #expect(statistics.groups[group].figures == ReportReference.naive(own), comment)
        }
    }

    @Test(
        "are those of sorting each group's values, however large and however many are equal",
        arguments: [0, 1, 2, 3, 1_000, 4_095, 4_096, 1 << 24, 1 << 33, 300_000_000_000_000, 1 << 62, .max] as [Int64])
    func naive(greatest: Int64) {
        var generator = SeededGenerator(seed: UInt64(greatest))
        for count in [0, 1, 2, 9, 10, 11, 99, 100, 101, 1_000] {
            for groups in [1, 2, 3, 64, 65] {
                let values = (0..<count).map { _ in Int64.random(in: 0...greatest, using: &generator) }
                let places = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(groups), using: &generator) }
                expectNaive(values, places, groups: groups, "\(count) values in \(groups) groups")
                expectNaive(values.map { _ in greatest }, places, groups: groups, "\(count) equal values")
            }
        }
    }

    @Test("of nothing are zeros")
    func nothing() {
        let statistics = GroupedStatistics([], counts: []) { _ in 1 }
        #expect(statistics.overall == Statistics([]))
        #expect(statistics.groups.isEmpty)
    }

    @Test("go beyond 64 bits in their sums, whichever way they are sorted")
    func sums() {
        let counts = [3, 0, 5]
        for value in [Int64(1) << 61, .max] {
            let statistics = GroupedStatistics([0, 2, 2, 0, 2, 0, 2, 2], counts: counts) { _ in value }
            #expect(statistics.overall.sum == 8 * Int128(value))
            #expect(statistics.groups.map(\.sum) == counts.map { Int128($0) * Int128(value) })
        }
    }
}

extension GroupedStatistics {
    /// In memory of its own.
    fileprivate init(_ places: [UInt32], counts: [Int], value: (Int) -> Int64) {
        self = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * places.count) { memory in
            GroupedStatistics(places, counts: counts, in: memory, value: value)
        }
    }
}
