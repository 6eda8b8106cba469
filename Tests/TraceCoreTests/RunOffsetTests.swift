import Testing
import TraceCore

@Suite struct RunOffsetTests {
    private static let run = Interval(start: 1_000, end: 4_001_000)

    @Test(
        "times and shares are read",
        arguments: [
            ("0", 0), ("0%", 0), ("1.5s", 1_500_000), ("200ms", 200_000), (" 200 ms ", 200_000), ("300us", 300),
            ("300µs", 300), ("1min", 4_000_000), ("999999999999h", 4_000_000), ("25%", 1_000_000), ("100 %", 4_000_000),
            ("12.5%", 500_000), ("0.000001s", 1), ("1.9us", 1),
        ] as [(String, Int64)])
    func read(text: String, offset: Int64) throws {
        #expect(try RunOffset(text).time(in: Self.run) == Self.run.start + offset)
    }

    @Test(
        "what makes no sense is refused with its place",
        arguments: [
            ("", 0), ("s", 0), ("-1s", 0), ("1", 1), ("1.s", 0), ("1.2345678s", 0), ("1234567890123s", 0), ("1d", 1),
            ("101%", 0), ("1s2", 1), ("1%%", 2), ("1s x", 3), ("١s", 0), ("1e3s", 1), ("5 kHz", 2),
        ])
    func refused(text: String, position: Int) {
        do {
            let offset = try RunOffset(text)
            Issue.record("\(offset)")
        } catch {
            #expect(error.position == position)
            #expect(!error.expected.isEmpty)
        }
    }
}
