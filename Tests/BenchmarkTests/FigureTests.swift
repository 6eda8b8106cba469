import Testing

@testable import benchmark

struct FigureTests {
    @Test("The median of an even number of rounds lies between the two in the middle")
    func spread() {
        #expect(Spread([3, 1, 2]) == Spread([1, 2, 3]))
        #expect(Spread([4, 1, 2, 10])?.median == 3)
        #expect(Spread([4, 1, 2, 10])?.text(Figure.whole) == "3 (1–10)")
        #expect(Spread([5.01, 5.02])?.text(Figure.whole) == "5")
        #expect(Spread([]) == nil)
        #expect(Spread([]).text(Figure.whole) == "–")
    }

    @Test("A percentile is the value of the nearest rank")
    func percentiles() {
        let latencies = Latencies((1...200).reversed().map { Double($0) / 1_000 })
        #expect(latencies.milliseconds(percentile: 50) == 100)
        #expect(latencies.milliseconds(percentile: 99) == 198)
        #expect(latencies.milliseconds(percentile: 100) == 200)
        #expect(Latencies([]).milliseconds(percentile: 99) == 0)
    }

    @Test(
        "Numbers are rounded, their thousands apart",
        arguments: [
            (1_234_567.4, 0, "1 234 567"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"), (-1_234.56, 1, "-1 234.6"),
            (999.96, 1, "1 000.0"), (.nan, 0, "–"), (.infinity, 2, "–"),
        ])
    func decimals(value: Double, decimals: Int, text: String) {
        #expect(Figure.decimal(value, decimals) == text)
    }

    @Test(
        "An amount is written with k and M, or not",
        arguments: [("200k", 200_000), ("20M", 20_000_000), ("1.5M", 1_500_000), ("6007", 6_007)])
    func amounts(text: String, count: Int) {
        #expect(Amount(argument: text)?.count == count)
    }

    @Test("What is no positive number is no amount", arguments: ["", "k", "0", "-1", "1e400", "1G", "0.1", "nan"])
    func noAmount(text: String) {
        #expect(Amount(argument: text) == nil)
    }

    @Test("The columns of a table are as wide as their widest cell, numbers to the right")
    func table() {
        var table = TextTable(["name", "n"])
        table.add(["a", "1 000"])
        table.add(["longer", "–"])
        #expect(table.text == "name        n\na       1 000\nlonger      –\n")
    }

    @Test("What doubles with the size grows by the power 1, what quadruples by 2")
    func powers() throws {
        #expect(ScaleReport.power((5, 10), sizes: (1_000, 2_000)) == 1)
        let square = try #require(ScaleReport.power((1, 16), sizes: (1_000, 4_000)))
        #expect(abs(square - 2) < 1e-9)
        #expect(ScaleReport.power((1, 2), sizes: (1_000, 1_000)) == nil)
    }
}
