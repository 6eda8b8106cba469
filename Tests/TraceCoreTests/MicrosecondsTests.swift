import Testing

@testable import TraceCore

@Suite("Milliseconds become microseconds")
struct MicrosecondsTests {
    @Test(
        "rounded to the nearest, halves away from zero",
        arguments: [
            (0.0, 0), (1, 1_000), (0.0004, 0), (0.0005, 1), (0.0015, 2), (0.0025, 3), (-0.0005, -1), (-0.0025, -3),
            (-0.0004, 0), (1_234.567_8, 1_234_568), (1e-300, 0), (0.29, 290),
        ] as [(Double, Int64)])
    func rounding(milliseconds: Double, expected: Int64) {
        #expect(Microseconds.rounded(milliseconds: milliseconds) == expected)
    }

    @Test("nothing is longer than ten years")
    func tenYears() {
        let years = Microseconds.tenYears
        #expect(years == 10 * 365 * 24 * 3_600 * 1_000_000)
        #expect(Microseconds.rounded(milliseconds: 315_360_000_000) == years)
        #expect(Microseconds.rounded(milliseconds: 315_359_999_999.999) == years - 1)
        for huge in [315_360_000_000.001, 1e30, .greatestFiniteMagnitude, .infinity] {
            #expect(Microseconds.rounded(milliseconds: huge) == years)
            #expect(Microseconds.age(milliseconds: huge) == years)
        }
    }

    @Test("an offset ends where points in time do, and what is no number is 0")
    func clamps() {
        #expect(Microseconds.instants == -(1 << 61)...(1 << 61))
        for huge in [-1e30, -.greatestFiniteMagnitude, -.infinity] {
            #expect(Microseconds.rounded(milliseconds: huge) == -(1 << 61))
        }
        #expect(Microseconds.rounded(milliseconds: .nan) == 0)
    }

    @Test("a negative age is none")
    func ages() {
        #expect(Microseconds.age(milliseconds: -5) == 0)
        #expect(Microseconds.age(milliseconds: -.infinity) == 0)
        #expect(Microseconds.age(milliseconds: 2.5) == 2_500)
    }
}
