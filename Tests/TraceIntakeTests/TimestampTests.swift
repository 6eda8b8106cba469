import Testing
import TraceCore
import TraceIntake

@Suite("Times as text")
struct TimestampTests {
    private func start(_ text: String) -> Int64? {
        Intake(Smallest.transaction.with("transaction.timestamp", "\"\(text)\"")).batch.events.first?.start
    }

    @Test(
        "a time",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2017-05-30T18:53:27.154Z", 1_496_170_407_154_000),
            ("2017-05-30T18:53:27,154Z", 1_496_170_407_154_000), ("2000-02-29T23:59:59.9999999Z", 951_868_799_999_999),
            ("2017-05-30T20:53:27.154+02:00", 1_496_170_407_154_000),
            ("2017-05-30T20:53:27.154+0200", 1_496_170_407_154_000),
            ("2017-05-30T20:53:27.154+02", 1_496_170_407_154_000), ("2017-05-30T14:23:27-04:30", 1_496_170_407_000_000),
            ("1969-12-31T23:59:59.5Z", -500_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("1900-03-01T00:00:00Z", -2_203_891_200_000_000),
            ("2024-02-29T00:00:00.0000000000000000000000001Z", 1_709_164_800_000_000),
            ("2017-05-30T18:53:27.15\\u0034Z", 1_496_170_407_154_000),
        ])
    func time(_ text: String, _ expected: Int64) {
        #expect(start(text) == expected)
    }

    @Test(
        "no time",
        arguments: [
            "", "2017", "2017-05-30", "2017-05-30T18:53Z", "2017-05-30 18:53:27Z", "2017-05-30t18:53:27Z",
            "2017-05-30T18:53:27", "2017-05-30T18:53:27z", "2017-05-30T18:53:27.Z", "2017-13-30T18:53:27Z",
            "2017-00-30T18:53:27Z", "2017-02-29T18:53:27Z", "2017-04-31T18:53:27Z", "1900-02-29T18:53:27Z",
            "2017-05-00T18:53:27Z", "2017-05-30T24:00:00Z", "2017-05-30T18:60:27Z", "2017-05-30T18:53:60Z",
            "2017-05-30T18:53:27+2", "2017-05-30T18:53:27+02:0", "2017-05-30T18:53:27+02:00x", "2017-05-30T18:53:27ZZ",
            "2017-05-30T18:53:27+25:00", "+017-05-30T18:53:27Z", "2017-05-30T18:53:27.1", "1700000000000000",
        ])
    func noTime(_ text: String) {
        let intake = Intake(Smallest.transaction.with("transaction.timestamp", "\"\(text)\""))
        #expect(
            intake.messages == [
                "decode error: data read error: transaction.timestamp: expected microseconds or an RFC 3339 time"
            ])
    }

    @Test("months and leap days of 800 years are where they belong")
    func calendar() {
        let first: Int64 = -11_676_096_000_000_000
        var lines: [String] = []
        var days = 0
        for year in 1600..<2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, count) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...count {
                    days += 1
                    guard day == 1 || (month == 1 && day >= 28) else { continue }
                    let text = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)T00:00:00Z"
                    lines.append(
                        Smallest.transaction.with("transaction.timestamp", "\"\(text)\"")
                            .with("transaction.name", "\"\(days - 1)\"").json)
                }
            }
        }
        let intake = Intake(lines: lines)
        #expect(intake.result.accepted == lines.count)
        for event in intake.batch.events {
            let day = intake.batch.symbols.text(event.name).flatMap { Int64($0) } ?? -1
            guard event.start == first + day * 86_400_000_000 else {
                Issue.record("day \(day) is \(event.start)")
                return
            }
        }
    }
}
