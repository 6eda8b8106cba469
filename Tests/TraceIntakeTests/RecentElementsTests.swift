import Testing
import TraceCore
import TraceIntake

@Suite("Stack frames that were met before")
struct RecentElementsTests {
    /// A span with a stack trace of these frames.
    private func span(_ frames: [String]) -> String {
        Smallest.span.with("span.stacktrace", "[\(frames.joined(separator: ", "))]").json
    }

    private static let sound = [
        #"{"abs_path":"/srv/a.py","filename":"a.py","function":"run","lineno":12,"library_frame":false}"#,
        #"{"abs_path":"/srv/a.py","filename":"a.py","function":"run","lineno":13,"library_frame":false}"#,
        #"{"abs_path":"/srv/b.py","filename":"b.py","module":"b","vars":{"x":[1,{"y":null}]},"lineno":7}"#,
        #"{"classname":"org.example.Long\#(String(repeating: "x", count: 600))","lineno":1}"#,
        #"{"classname":"c"}"#,
    ]
    /// Each is one of the sound ones but for a byte or two.
    private static let unsound = [
        #"{"abs_path":"/srv/a.py","filename":"a.py","function":"run","lineno":1x,"library_frame":false}"#,
        #"{"abs_path":"/srv/a.py","filename":"a.py","function":"run","lineno":12,"library_frame":falsy}"#,
        #"{"abs_path":"/srv/a.py","filename":"a.py","function":"run","lineno":12,"library_frame":false]"#,
        #"{"abs_path":"/srv/a.py","filenama":"a.py","function":"run","lineno":12,"library_frame":false}"#,
        #"{"abs_path":"/srv/a.py","filename":null  ,"function":"run","lineno":12,"library_frame":false}"#,
        #"{"abs_path":"/srv/b.py","filename":"b.py","module":"b","vars":{"x":[1,{"y":null]}},"lineno":7}"#,
    ]

    @Test("an unsound one is told among sound ones as it is alone", arguments: unsound)
    func unsoundFrame(_ frame: String) {
        let alone = Intake(lines: [span([frame])])
        #expect(alone.result.rejected == 1)
        for before in Self.sound {
            for place in 0...2 {
                var frames = [before, Self.sound[0], Self.sound[1]]
                let good = span(frames)
                frames[place] = frame
                let intake = Intake(lines: [good, good, span(frames), good])
                #expect(intake.result.accepted == 3)
                #expect(intake.messages == alone.messages)
            }
        }
    }

    @Test("random stacks have the same answer in one stream as each in a stream of its own", arguments: 1...20)
    func randomStacks(_ seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        func below(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(truncatingIfNeeded: random >> 33) % bound
        }
        let lines = (0..<200).map { _ in
            span(
                (0..<1 + below(6)).map { _ in
                    let isSound = below(30) > 0
                    return isSound ? Self.sound[below(Self.sound.count)] : Self.unsound[below(Self.unsound.count)]
                })
        }
        let alone = lines.map { Intake(lines: [$0]) }
        let together = Intake(lines: lines)
        #expect(together.result.accepted == alone.map(\.result.accepted).reduce(0, +))
        #expect(together.messages == Array(alone.flatMap(\.messages).prefix(5)))
        #expect(together.result.rejected > 0)
    }

    @Test("more frames than are remembered, again and again")
    func manyFrames() {
        let lines = (0..<40).map { line in
            span((0..<50).map { #"{"filename":"a file of its own","lineno":\#(line % 8 * 50 + $0)}"# })
        }
        #expect(Intake(lines: lines).result.accepted == 40)
        let broken = span([#"{"filename":"a file of its own","lineno":1.5}"#])
        #expect(Intake(lines: lines + [broken] + lines).result.rejected == 1)
    }

    @Test("a line that ends within a known frame")
    func brokenOff() {
        let good = span([Self.sound[0], Self.sound[1]])
        let alone = good.utf8.count
        for count in stride(from: alone - 120, to: alone, by: 7) {
            let cut = String(good.prefix(count))
            let intake = Intake(lines: [good, good, cut, good])
            #expect(intake.result.accepted == 3)
            #expect(intake.messages == Intake(lines: [cut]).messages)
        }
    }

    @Test("what is sound in one array need not be in another")
    func otherArrays() {
        let link = #"{"span_id":"00000000000000c1","trace_id":"000000000000000000000000000000b1"}"#
        let both = Smallest.span.with("span.links", "[\(link)]").with("span.stacktrace", "[\(link)]")
        let intake = Intake(lines: [Smallest.span.with("span.links", "[\(link)]").json, both.json])
        #expect(intake.result.accepted == 1)
        #expect(intake.messages == Intake(both).messages)
    }
}
