import Testing

@testable import TraceCore

@Suite("Histograms")
struct HistogramTests {
    private func histogram(_ sets: [[Int64]], bins: Int = 10) throws -> Histogram {
        let histogram = try #require(Histogram(ofSorted: sets.map { $0.sorted() }, bins: bins))
        #expect(histogram.edges == histogram.edges.sorted())
        #expect(Set(histogram.edges).count == histogram.edges.count)
        #expect(1...bins ~= histogram.bins)
        for (set, counts) in zip(sets, histogram.counts) {
            let expected = zip(histogram.edges, histogram.edges.dropFirst()).map { start, end in
                set.count { start <= $0 && $0 < end }
            }
            #expect(counts == expected)
            #expect(counts.reduce(0, +) == set.count, "a value is in no bin")
        }
        return histogram
    }

    @Test("values of one order go into bins of a round width")
    func linear() throws {
        let found = try histogram([[210, 214, 260, 399], [200, 305]])
        #expect(!found.isLogarithmic)
        #expect(found.edges == Array(stride(from: 200, through: 400, by: 20)))
        #expect(found.counts[0] == [2, 0, 0, 1, 0, 0, 0, 0, 0, 1])
        #expect(found.peak == 2)
        #expect(try histogram([[5, 5, 5]]).edges == [5, 6])
        #expect(try histogram([[0, 0]]).edges == [0, 1])
        #expect(try histogram([[0, 999]]).edges == Array(stride(from: 0, through: 1_000, by: 100)))
        #expect(try histogram([[1, 1_000]], bins: 1).bins == 1)
    }

    @Test("values of several orders go into bins that grow, what is 0 into the first")
    func logarithmic() throws {
        let found = try histogram([[0, 1, 10, 100, 1_000], [0, 0, 9_999]], bins: 5)
        #expect(found.isLogarithmic)
        #expect(found.edges == [0, 1, 10, 100, 1_000, 10_000])
        #expect(found.counts == [[1, 1, 1, 1, 1], [2, 0, 0, 0, 1]])
        #expect(try histogram([[3, 3_000_000_000_000]], bins: 40).isLogarithmic)
    }

    @Test("nothing has no histogram, and no value is too long for one")
    func odd() throws {
        #expect(Histogram(ofSorted: [[], []], bins: 10) == nil)
        #expect(Histogram(ofSorted: [[1]], bins: 0) == nil)
        #expect(try histogram([[], [4]]).counts == [[0], [1]])
        #expect(try histogram([[Int64.max - 2, .max - 1]]).bins == 2)
        #expect(try histogram([[1, .max - 1]], bins: 40).isLogarithmic)
        #expect(try histogram([[1, .max / 2], [.max - 1]], bins: 3).bins == 3)
    }
}
