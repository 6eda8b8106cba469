import Testing
import TraceCore
import TraceIntake

@Suite("Errors, metricsets and logs")
struct SideEventTests {
    private func event(_ line: SentObject) throws -> (EventBatch, SideEvent) {
        let intake = Intake(line)
        #expect(intake.messages == [])
        return (intake.batch, try #require(intake.batch.sideEvents.first))
    }

    @Test("an error")
    func error() throws {
        let line = Smallest.error.with("error.trace_id", "\"000000000000000000000000000000b1\"")
            .with("error.parent_id", "\"p\"").with("error.transaction_id", "\"00000000000000a1\"")
            .with("error.timestamp", "5")
        let (batch, event) = try event(line)
        #expect(event.kind == .error)
        #expect(event.id == Identifier("e1"))
        #expect(event.trace == 0)
        #expect(batch.traces == [.long(0, 0xB1)])
        #expect(event.parent == Identifier("p"))
        #expect(event.transaction == .short(0xA1))
        #expect(event.timestamp == 5)
        #expect(event.process == 0)
        #expect(event.line.length == line.json.utf8.count)
        #expect(batch.events.isEmpty)
    }

    @Test("an error without a trace")
    func loneError() throws {
        let (batch, event) = try event(Smallest.error)
        #expect(event.trace == nil)
        #expect(event.transaction == nil)
        #expect(event.parent == nil)
        #expect(event.timestamp == Intake.requestTime)
        #expect(batch.traces.isEmpty)
    }

    @Test("a metricset")
    func metricset() throws {
        let (_, event) = try event(Smallest.metricset.with("metricset.timestamp", "7"))
        #expect(event.kind == .metricset)
        #expect(event.id == nil)
        #expect(event.timestamp == 7)
    }

    @Test("a metricset of a transaction vanishes unless it has a span's self time")
    func vanishing() {
        let line = Smallest.metricset.with("metricset.transaction.name", "\"x\"")
        let intake = Intake(line)
        #expect(intake.result.accepted == 0)
        #expect(intake.result.rejected == 0)
        #expect(intake.messages == [])
        #expect(intake.batch.sideEvents.isEmpty)
        #expect(intake.batch.processes.isEmpty)
        #expect(Intake(Smallest.metricset.with("metricset.transaction", "{}")).result.accepted == 1)
        for name in ["span.self_time.count", "span.self_time.sum.us"] {
            let kept = line.with("metricset.samples", "{\"a\":{\"value\":1},\"\(name)\":{\"value\":1}}")
            #expect(Intake(kept).result.accepted == 1)
        }
        let broken = line.with("metricset.samples", #"{"a":{}}"#)
        #expect(Intake(broken).result.rejected == 1)
    }

    @Test("a log")
    func log() throws {
        let line = Smallest.log.with("log.trace/id", "\"t\"").with("log.transaction/id", "\"x\"")
            .with("log.span/id", "\"s\"").with("log.@timestamp", "\"1970-01-01T00:00:01Z\"")
        let (batch, event) = try event(line)
        #expect(event.kind == .log)
        #expect(batch.traces == [Identifier("t")])
        #expect(event.trace == 0)
        #expect(event.transaction == Identifier("x"))
        #expect(event.parent == Identifier("s"))
        #expect(event.timestamp == 1_000_000)
    }

    @Test("a digest tells lines and metadata apart, and says the same of the same")
    func digest() throws {
        func digest(_ line: SentObject, metadata: SentObject = Smallest.metadata) throws -> Digest {
            let intake = Intake(metadata.json + "\n" + line.json + "\n")
            return try #require(intake.batch.sideEvents.first).digest
        }
        let first = try digest(Smallest.log)
        #expect(try digest(Smallest.log) == first)
        #expect(try digest(Smallest.log.with("log.message", "\"hellp\"")) != first)
        let other = Smallest.metadata.with("metadata.service.name", "\"other\"")
        #expect(try digest(Smallest.log, metadata: other) != first)
    }
}
