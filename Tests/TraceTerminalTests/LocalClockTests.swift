import Testing
import TraceCore
import TraceTerminal

/// Summer time begins on 2026-03-29 at 01:00 UTC, when the clock skips from 02:00 to 03:00, and ends on 2026-10-25 at
/// 01:00 UTC, when it goes back from 03:00 to 02:00.
@Suite struct LocalClockTests {
    private static let spring: Int64 = 1_774_746_000_000_000
    private static let autumn: Int64 = 1_792_890_000_000_000
    private static let clock = LocalClock { spring..<autumn ~= $0 ? 7_200 : 3_600 }
    private static let minute: Int64 = 60_000_000

    /// So many minutes after the clock showed 00:00 on the day of a change, as if that were UTC.
    private static func local(_ minutes: Int64, on change: Int64) -> Int64 { change + (minutes - 60) * minute }

    @Test(
        arguments: [
            // 01:30, 02:00, 02:30, 02:59, 03:00 in autumn.
            (90, autumn, -90, -90), (120, autumn, -60, 0), (150, autumn, -30, 30), (179, autumn, -1, 59),
            (180, autumn, 60, 60),
            // 01:59, 02:00, 02:30, 03:00 and 03:30 in spring.
            (119, spring, -1, -1), (120, spring, 0, 0), (150, spring, 0, 0), (180, spring, 0, 0), (210, spring, 30, 30),
        ] as [(Int64, Int64, Int64, Int64)])
    func readings(local: Int64, change: Int64, first: Int64, last: Int64) {
        let readings = Self.clock.readings(of: Self.local(local, on: change))
        #expect(readings == change + first * Self.minute...change + last * Self.minute)
    }

    @Test func everyTimeThatIsShownIsReadBack() {
        for change in [Self.spring, Self.autumn] {
            for minutes in stride(from: Int64(-3_000), to: 3_000, by: 7) {
                let instant = change + minutes * Self.minute + 17
                let local = instant + Int64(Self.clock.secondsFromUTC(instant)) * 1_000_000
                let readings = Self.clock.readings(of: local)
                #expect(instant == readings.lowerBound || instant == readings.upperBound)
                #expect(Self.clock.showsTwice(instant) == (change == Self.autumn && -60..<60 ~= minutes))
            }
        }
        #expect(!Self.clock.showsTwice(.max) && !Self.clock.showsTwice(.min))
    }

    @Test func anHourThatComesTwiceIsToldApart() {
        let times = [Self.autumn - 30 * Self.minute, Self.autumn + 30 * Self.minute]
        let text = LocalTimeText(times, on: Self.clock)
        #expect(times.map { text.text($0) } == ["2026-10-25 02:30:00 +02:00", "2026-10-25 02:30:00 +01:00"])
        let alone = LocalTimeText(times.suffix(1), on: Self.clock)
        #expect(alone.text(times[1] + 250, isPrecise: true) == "2026-10-25 02:30:00.000250 +01:00")
        #expect(LocalTimeText(times, on: .utc).text(times[1]) == "2026-10-25 01:30:00")
    }

    @Test func offsetsAreTheWholeScreens() {
        let (winter, summer) = (Self.spring - 240 * Self.minute, Self.spring + 240 * Self.minute)
        #expect(LocalTimeText([winter], on: Self.clock).text(winter) == "2026-03-28 22:00:00")
        #expect(LocalTimeText([summer], on: Self.clock).text(summer) == "2026-03-29 07:00:00")
        #expect(LocalTimeText([], on: Self.clock).text(summer) == "2026-03-29 07:00:00")
        let both = LocalTimeText([winter, summer], on: Self.clock)
        let texts = [winter, summer].map { both.text($0) }
        #expect(texts == ["2026-03-28 22:00:00 +01:00", "2026-03-29 07:00:00 +02:00"])
    }

    @Test(arguments: [(-12_600, "-03:30"), (3_208, "+00:53:28"), (0, "+00:00")])
    func offsets(seconds: Int, text: String) {
        let clock = LocalClock { $0 < 0 ? 20_000 : seconds }
        #expect(LocalTimeText([-1, 1], on: clock).text(1).hasSuffix(" " + text))
    }

    @Test func screens() {
        let runs = [Self.autumn - 30 * Self.minute, Self.autumn + 30 * Self.minute].enumerated().map { place, start in
            var run = RunSummary(Samples.before, isArriving: false)
            run.id = Identifier(String(repeating: "\(place)", count: 32))
            run.start = start
            return run
        }
        let list = RunsView(runs, TerminalOptions(width: 120), clock: Self.clock).lines()
        #expect(list[1].contains("2026-10-25 02:30:00 +02:00") && list[2].contains("2026-10-25 02:30:00 +01:00"))
        let last = RunsView(Array(runs.suffix(1)), TerminalOptions(width: 120), clock: Self.clock).lines()
        #expect(last[1].contains("2026-10-25 02:30:00 +01:00"))

        // The clock goes back half an hour after the sample's run began.
        let start = Samples.before.trace.start
        let clock = LocalClock { $0 < start + 30 * 60_000_000 ? 7_200 : 3_600 }
        let report = ReportView(Samples.report([Samples.before], by: [.run]), TerminalOptions(width: 120), clock: clock)
        #expect(report.lines().contains { $0.contains(":23 +02:00") })
        let page = SpanView(Pages.bare, TerminalOptions(width: 100), clock: clock).lines()
        #expect(page.contains { $0.contains(":23.260035 +02:00") })
        var information = DatabaseInformation()
        information.starts = start...start + 60 * Self.minute
        let view = DatabaseView(information, path: "a.db", TerminalOptions(width: 100), clock: clock).lines()
        #expect(view.contains { $0.contains(":23 +02:00 to ") && $0.hasSuffix(":23 +01:00") })
    }
}
