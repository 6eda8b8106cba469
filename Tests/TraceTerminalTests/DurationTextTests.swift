import Testing
import TraceCore

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            (0, "0µs"), (999, "999µs"), (1_000, "1.00ms"), (9_994, "9.99ms"), (9_995, "10.0ms"), (99_949, "99.9ms"),
            (588_135, "588ms"), (999_499, "999ms"), (999_500, "1.00s"), (1_358_005, "1.36s"), (22_310_000, "22.31s"),
            (599_990_000, "599.99s"), (600_000_000, "10.00min"), (36_000_000_000, "10.00h"),
            (315_360_000_000_000, "87600.00h"),
        ] as [(Int64, String)])
    func durationsAlone(duration: Int64, text: String) {
        #expect(DurationText(fitting: duration, ascii: false).text(duration) == text)
    }

    @Test(
        arguments: [
            // The longest has three digits: one is enough.
            (2_500_000, [2_000_000: "2.00s", 700_000: "0.70s", 5_000: "0.01s", 4_999: "5.00ms", 1: "1µs", 0: "0.00s"]),
            (588_000, [20_000: "20ms", 500: "1ms", 499: "499µs"]),
            // It has more: two are.
            (12_000_000, [95_000: "0.10s", 94_999: "95.0ms", 15_000: "15.0ms", 16_000: "16.0ms"]),
            (720_000_000, [45_000_000: "0.75min", 5_700_000: "0.10min", 5_600_000: "5.60s", 900_000: "900ms"]),
            (
                104_400_000_000,
                [
                    104_400_000_000: "29.00h", 522_270_000: "0.15h", 341_000_000: "341.00s", 275_000: "275ms",
                    10: "10µs", 0: "0.00h", -275_000: "-275ms",
                ]
            ),
        ] as [(Int64, [Int64: String])])
    func durationsOfAColumnHaveOneUnitAsLongAsItTellsThem(longest: Int64, texts: [Int64: String]) {
        let form = DurationText(fitting: longest, ascii: false)
        for (duration, text) in texts { #expect(form.text(duration) == text, "\(duration) beside \(longest)") }
    }

    @Test func unitsInASCII() { #expect(DurationText(fitting: Int64(5), ascii: true).text(5) == "5us") }

    @Test func noneIsRoundedToNothingOrFarFromWhatItIs() {
        for longest in Self.durations {
            let form = DurationText(fitting: longest, ascii: false)
            for duration in Self.durations where duration <= longest {
                let text = form.text(duration)
                let told = Self.told(text)
                // Of three digits the last may be rounded; a single one is of the longest's three.
                let grain = max(Double(duration) / 19, Double(longest) / 190)
                #expect(abs(told - Double(duration)) <= grain, "\(duration) beside \(longest): \(text)")
                #expect(told > 0 && !text.contains("<"), "\(duration) beside \(longest): \(text)")
            }
        }
    }

    @Test func noneTakesMoreThanACharacterMoreThanTheLongest() {
        for longest in Self.durations {
            let form = DurationText(fitting: longest, ascii: false)
            let widest = Self.durations.filter { $0 <= longest }.map { form.text($0).count }.max() ?? 0
            #expect(widest <= max(5, form.text(longest).count) + 1, "beside \(longest)")
        }
    }

    @Test(
        arguments: [
            (2_500_000, 2_000_000, "0.70s"), (2_500_000, 100_000, "0.700s"), (720_000_000, 60_000_000, "0.12min"),
            (720_000_000, 300_000, "7.000s"), (104_400_000_000, 3_600_000_000, "7.00s"),
            (104_400_000_000, 600_000_000, "0.12min"), (104_400_000_000, 30_000_000, "7.00s"),
        ] as [(Int64, Int64, String)])
    func formsThatResolve(longest: Int64, length: Int64, text: String) {
        let form = DurationText(fitting: Int128(longest), resolving: length, ascii: false)
        #expect(form.text(longest == 2_500_000 ? 700_000 : 7_000_000) == text)
    }

    @Test func shares() {
        let texts = [0, 1, 5, 1_848, 9_994, 9_995, 9_999, 10_000].map { Share(Int128($0), of: 10_000).text }
        #expect(texts == ["0.0 %", "<0.1 %", "0.1 %", "18.5 %", "99.9 %", ">99.9 %", ">99.9 %", "100.0 %"])
        #expect(
            [0, 1, 999_999_999, 1_000_000_000].map { Share($0, of: 1_000_000_000).text } == [
                "0.0 %", "<0.1 %", ">99.9 %", "100.0 %",
            ])
        #expect(Share(0, of: 0).text == "0.0 %")
    }

    @Test func changes() {
        let tos: [Int128] = [100_000, 100_001, 99_999, 150_000, 50, 61, 1, 0]
        #expect(
            tos.map { Change(from: 100_000, to: $0).text } == [
                "0.0 %", "+<0.1 %", "-<0.1 %", "+50.0 %", "->99.9 %", "-99.9 %", "->99.9 %", "-100.0 %",
            ])
        #expect(Change(from: 0, to: 1).text == nil)
    }

    /// Of every size, those at which the form changes among them.
    private static let durations: [Int64] = {
        var durations: [Int64] = []
        for edge in [1, 999_500, 600_000_000, 36_000_000_000, 360_000_000] as [Int64] {
            durations += [edge - 1, edge, edge + 1]
        }
        for exponent in 0..<14 {
            let size = (0..<exponent).reduce(Int64(1)) { value, _ in value * 10 }
            durations += [size, 3 * size - 1, 4 * size + 2, 9 * size + size / 2, 9_949 * size / 1_000]
        }
        return Set(durations).filter { $0 > 0 }.sorted()
    }()

    /// What a reader takes a text for, µs.
    private static func told(_ text: String) -> Double {
        for unit in DurationUnit.allCases {
            let symbol = unit.symbol(ascii: false)
            if text.hasSuffix(symbol), let number = Double(text.dropLast(symbol.count)) {
                return number * Double(unit.rawValue)
            }
        }
        return 0
    }
}
