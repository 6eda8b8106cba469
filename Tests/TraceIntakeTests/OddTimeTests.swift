import Testing
import TraceCore
import TraceIntake

@Suite("Times that are hardly meant, in a stream")
struct OddTimeTests {
    private func event(_ sample: SentObject, _ path: String, _ time: String) -> String {
        sample.with(path, time).json
    }

    private func odd(_ intake: Intake) -> [LossTally.Entry] { intake.result.losses.entries }

    @Test("they are taken as they are, and counted by the unit that they look like")
    func counted() {
        let seconds = (0..<7).map { event(Smallest.transaction, "transaction.timestamp", "\(1_500_000_000 + $0)") }
        let intake = Intake(
            lines: seconds + [
                event(Smallest.span, "span.timestamp", "1500000000000"),
                event(Smallest.error, "error.timestamp", "1500000000000000000"),
                event(Smallest.transaction, "transaction.timestamp", "\"1999-12-31T23:59:59Z\""),
                event(Smallest.transaction, "transaction.timestamp", "\"2020-09-15T00:00:00Z\""),
                event(Smallest.transaction, "transaction.timestamp", "\(Intake.requestTime)"),
            ])
        #expect(intake.messages == [] && intake.result.accepted == 12)
        #expect(intake.batch.events.first?.start == 1_500_000_000)
        #expect(odd(intake).map(\.unit) == Array(repeating: .oddTimes, count: 4))
        #expect(odd(intake).map(\.count) == [7, 1, 1, 2])
        #expect(
            odd(intake).map { TimeDoubt(reason: $0.reason) } == [.seconds, .milliseconds, .nanoseconds, .other])
        #expect(odd(intake)[0].offenders.compactMap(\.line) == [2, 3, 4, 5, 6])
        #expect(odd(intake)[3].offenders.compactMap(\.line) == [11, 12], "a second too early, and a day ahead")
        #expect(intake.result.oddTimeCount == 11)
    }

    @Test("a time that was not sent is none, whatever the request's")
    func unsent() {
        var stream = ElasticStream(requestTime: 5)
        let body = Smallest.metadata.json + "\n" + Smallest.transaction.with("transaction.timestamp", nil).json + "\n"
        Array(body.utf8).withUnsafeBytes { stream.feed($0) }
        stream.finish()
        let result = stream.result
        #expect(result.accepted == 1 && result.losses.isEmpty)
    }

    @Test("what is not far ahead of now is believed, however old the file is")
    func now() {
        let time: Int64 = 1_764_576_000_000_000
        for (now, count) in [(nil, 1), (time, 0), (time - 86_400_000_001, 1)] as [(Int64?, Int)] {
            var stream = ElasticStream(requestTime: Intake.requestTime, now: now)
            let line = event(Smallest.transaction, "transaction.timestamp", "\(time)")
            Array("\(Smallest.metadata.json)\n\(line)\n".utf8).withUnsafeBytes { stream.feed($0) }
            stream.finish()
            let result = stream.result
            #expect(result.oddTimeCount == count)
        }
    }
}
