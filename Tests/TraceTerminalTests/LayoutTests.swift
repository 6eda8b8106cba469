import Testing
import TraceCore

@Suite struct LayoutTests {
    @Test func ticksOfThePicture() {
        let scale = TimeScale(Interval(start: 0, end: 2_500_000), cells: 52)
        let ticks = scale.ticks(ascii: false)
        #expect(ticks.map(\.text) == ["0s", "0.5", "1.0", "1.5", "2.0", "2.50s"])
        #expect(ticks.map(\.column) == [0, 10, 20, 31, 41, 47])
    }

    @Test func ticksAreOneTwoFiveAndApart() {
        var lengths: [Int64] = [1, 7, 999, 1_000, 315_360_000_000_000]
        for exponent in 0..<14 { lengths.append(Int64(137) * (0..<exponent).reduce(1) { value, _ in value * 10 }) }
        for length in lengths {
            for cells in [1, 5, 9, 10, 20, 32, 50, 99, 250] {
                let scale = TimeScale(Interval(start: -5, end: length - 5), cells: cells)
                let ticks = scale.ticks(ascii: false)
                guard let last = ticks.last else { continue }
                #expect(last.offset == length && last.column + last.text.count == cells)
                for (tick, next) in zip(ticks, ticks.dropFirst()) {
                    #expect(tick.column + tick.text.count < next.column)
                    #expect(
                        next == last ? cells - tick.column >= 10 : next.column - tick.column >= 10 || tick.offset == 0)
                }
                guard ticks.count > 2 else { continue }
                #expect(
                    zip(ticks.dropFirst(2), ticks.dropFirst()).dropLast().allSatisfy {
                        $0.offset - $1.offset == ticks[1].offset
                    })
                let unit = DurationUnit(fitting: Int128(length)).rawValue
                #expect(isOneTwoFive(ticks[1].offset, unit: unit), "\(ticks[1].offset) of \(length)")
            }
        }
    }

    @Test func ticksOfAZoomBeginAndEndExactly() {
        let zoom = TimeScale(Interval(start: 0, end: 40_000), cells: 60)
        let ticks = zoom.ticks(from: 1_234_500, ascii: false)
        #expect(ticks.map(\.text) == ["1.2345s", "1.25", "1.26", "1.2745s"])
        for origin in [1, 999, 123_456_789, 315_360_000_000_000] as [Int64] {
            for length in [1, 17, 1_000, 999_999, 86_400_000_000] as [Int64] {
                for cells in [1, 9, 20, 50, 250] {
                    let scale = TimeScale(Interval(start: 0, end: length), cells: cells)
                    let ticks = scale.ticks(from: origin, ascii: true)
                    for (tick, next) in zip(ticks, ticks.dropFirst()) {
                        #expect(tick.column + tick.text.count < next.column && tick.offset < next.offset)
                    }
                    guard let last = ticks.last else { continue }
                    #expect(last.offset == length && last.column + last.text.count == cells)
                    #expect(length < 100 || ticks.count < 2 || ticks[0].text != last.text)
                }
            }
        }
    }

    @Test func ticksFarFromTheStartOfALongRunAreInSeconds() {
        let hour: Int64 = 3_600_000_000
        let zoom = TimeScale(Interval(start: 0, end: 400_000), cells: 60)
        #expect(
            zoom.ticks(from: 25 * hour, ascii: false).map(\.text)
                == ["90000.000s", "90000.1", "90000.2", "90000.400s"])
        let minutes = TimeScale(Interval(start: 0, end: 120_000_000), cells: 60)
        #expect(
            minutes.ticks(from: 25 * hour, ascii: false).map(\.text)
                == ["1500.00min", "1500.5", "1501.0", "1502.00min"])
        let hours = TimeScale(Interval(start: 0, end: 2 * hour), cells: 60)
        #expect(hours.ticks(from: 25 * hour, ascii: false).map(\.text) == ["25.00h", "25.5", "26.0", "26.5", "27.00h"])
    }

    @Test func ticksSayTheirUnitAfterAFirstOneInAnother() {
        let scale = TimeScale(Interval(start: 0, end: 29 * 3_600_000_000 - 275_000), cells: 60)
        #expect(scale.ticks(from: 275_000, ascii: false).map(\.text) == ["275ms", "5h", "10h", "15h", "20h", "29.00h"])
    }

    private func isOneTwoFive(_ offset: Int64, unit: Int64) -> Bool {
        var (number, unit) = (offset, unit)
        while number % 10 == 0 { number /= 10 }
        while unit % 10 == 0 { unit /= 10 }
        return [1, 2, 5].contains { (step: Int64) in
            var wanted = step * unit
            while wanted % 10 == 0 { wanted /= 10 }
            return wanted == number
        }
    }

    @Test func barsAreAsLongAsTheTruth() {
        var random = Lines(seed: 1)
        for _ in 0..<2_000 {
            let cells = Int(random.next(90)) + 10
            let length = Int64(random.next(1_000_000)) + 1
            let start = Int64(random.next(UInt64(length)))
            let end = start + Int64(random.next(UInt64(length - start))) + 1
            let scale = TimeScale(Interval(start: 0, end: length), cells: cells)
            let coverage = BarCoverage([BarStretch(.work, Interval(start: start, end: end))], on: scale)
            let eighths = coverage.eighths.indices.filter { coverage.eighths[$0] != nil }
            let (truthStart, truthEnd) = (
                Double(start) / Double(length) * Double(cells * 8), Double(end) / Double(length) * Double(cells * 8)
            )
            #expect(abs(Double(eighths.first ?? -9) - truthStart) <= 1)
            #expect(abs(Double((eighths.last ?? -9) + 1) - truthEnd) <= 1)
            #expect(eighths.count == (eighths.last ?? 0) - (eighths.first ?? 0) + 1)
            let whole = coverage.cells.indices.filter { coverage.cells[$0].fill != nil }
            #expect(abs(Double(whole.first ?? -9) - truthStart / 8) <= 1)
            #expect(abs(Double((whole.last ?? -9) + 1) - truthEnd / 8) <= 1)
        }
    }

    @Test func waitAndWorkAreNeverLost() {
        var random = Lines(seed: 2)
        for _ in 0..<3_000 {
            let cells = Int(random.next(40)) + 10
            let length = Int64(random.next(100_000)) + 50
            var stretches: [BarStretch] = []
            var time = Int64(random.next(UInt64(length)))
            while time < length, stretches.count < 6 {
                let end = min(length, time + 1 + Int64(random.next(random.next(3) == 0 ? UInt64(length) : 5)))
                let fill: BarFill = [.work, .own, .wait][Int(random.next(3))]
                stretches.append(BarStretch(fill, Interval(start: time, end: end)))
                time = end
            }
            let coverage = BarCoverage(stretches, on: TimeScale(Interval(start: 0, end: length), cells: cells))
            for slots in [coverage.eighths, coverage.cells.map(\.fill)] {
                for isWork in [true, false] where stretches.contains(where: { $0.fill.isWork == isWork }) {
                    #expect(slots.contains { $0.map { $0.isWork == isWork } ?? false }, "\(stretches) on \(cells)")
                }
            }
        }
    }

    @Test func activityCountsTasks() {
        let analysis = Samples.before
        let layout = WaterfallLayout(analysis)
        let activity = GroupActivity(analysis.groups[0], of: analysis)
        let series = activity.series(on: TimeScale(layout.window, cells: 25))
        #expect(series.running.means == [Int](repeating: 2, count: 20) + [Int](repeating: 1, count: 5))
        #expect(series.waiting.means == [Int](repeating: 1, count: 16) + [Int](repeating: 0, count: 9))
        #expect(activity.full.text == "80.0 %")
        let total = series.running.areas.reduce(0, +) + series.waiting.areas.reduce(0, +)
        #expect(total == 2_000_000 + 1_600_000 + 2_500_000)
    }
}

/// Numbers that look random and are the same each time.
private struct Lines {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(_ bound: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % max(1, bound)
    }
}
