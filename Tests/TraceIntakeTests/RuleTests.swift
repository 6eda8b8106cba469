import Testing
import TraceIntake

@Suite("The protocol's tables")
struct RuleTests {
    @Test("a member of a line", arguments: transactionRules + spanRules + errorRules + metricsetRules + logRules)
    func member(_ rule: Rule) {
        let smallest = Smallest.of(rule.type)
        for json in rule.accepted {
            let intake = Intake(smallest.with(rule.path, json))
            #expect(intake.messages == [], "\(rule.path): \(json.prefix(80))")
            #expect(intake.result.accepted == 1, "\(rule.path): \(json.prefix(80))")
        }
        for (json, message) in rule.rejected {
            let line = smallest.with(rule.path, json).json
            let intake = Intake(lines: [line])
            #expect(intake.result.accepted == 0, "\(rule.path): \(json?.prefix(80) ?? "absent")")
            #expect(intake.result.rejected == 1)
            let first = intake.messages.first ?? ""
            #expect(first.contains(message), "\(rule.path): \(json?.prefix(80) ?? "absent"): \(first)")
            #expect(
                first.hasPrefix("validation error: ") || first.hasPrefix("decode error: data read error: "), "\(first)")
            #expect(intake.result.errors.first?.document == Array(line.utf8))
        }
    }

    @Test("a member of the metadata", arguments: metadataRules)
    func metadata(_ rule: Rule) {
        let event = Smallest.transaction.json
        for json in rule.accepted {
            let intake = Intake(Smallest.metadata.with(rule.path, json).json + "\n" + event + "\n")
            #expect(intake.messages == [], "\(rule.path): \(json.prefix(80))")
            #expect(intake.result.accepted == 1)
        }
        for (json, message) in rule.rejected {
            let intake = Intake(Smallest.metadata.with(rule.path, json).json + "\n" + event + "\n")
            #expect(intake.result.accepted == 0, "\(rule.path): \(json?.prefix(80) ?? "absent")")
            #expect(intake.result.failure == .metadata)
            #expect(intake.messages.count == 1)
            #expect(intake.messages.first?.contains(message) == true, "\(rule.path): \(intake.messages)")
        }
    }

    @Test("three ids of an error belong together")
    func errorIDs() {
        let complete = Smallest.error.with("error.trace_id", "\"t\"").with("error.parent_id", "\"p\"")
        #expect(Intake(complete).result.accepted == 1)
        #expect(Intake(complete.with("error.transaction_id", "\"x\"")).result.accepted == 1)
    }

    @Test("the first broken rule is told, and wrong types before it")
    func firstRule() {
        let two = Smallest.transaction.with("transaction.trace_id", nil).with("transaction.duration", "-1")
        #expect(Intake(two).messages == ["validation error: transaction: 'trace_id' required"])
        let three = two.with("transaction.sampled", "1")
        #expect(
            Intake(three).messages == ["decode error: data read error: transaction.sampled: expected true or false"])
    }

    @Test(
        "an object without members is absent, even if required",
        arguments: ["transaction", "span", "error", "metricset", "log"])
    func emptyEvent(_ type: String) {
        #expect(Intake(lines: ["{\"\(type)\":{}}"]).messages == ["validation error: '\(type)' required"])
        #expect(Intake(lines: ["{\"\(type)\":null}"]).messages == ["validation error: '\(type)' required"])
        #expect(
            Intake(lines: ["{\"\(type)\":5}"]).messages == [
                "decode error: data read error: \(type): expected an object"
            ])
        #expect(
            Intake(Smallest.transaction.with("transaction.span_count", "{}")).messages == [
                "validation error: transaction: 'span_count' required"
            ])
    }

    @Test("what is required of an object that has other members")
    func requiredMembers() {
        let metricset = Smallest.metricset.with("metricset.samples", "{}").with("metricset.timestamp", "1")
        #expect(Intake(metricset).messages == ["validation error: metricset: 'samples' required"])
        let metadata = Smallest.metadata.with("metadata.service", nil).with("metadata.process.pid", "1")
        #expect(Intake(metadata.json + "\n").messages == ["validation error: metadata: 'service' required"])
        let count = Smallest.transaction.with("transaction.span_count", #"{"dropped":1}"#)
        #expect(Intake(count).messages == ["validation error: transaction: span_count: 'started' required"])
    }

    @Test("NaN, which agents send, is as good as nothing")
    func notANumber() {
        #expect(Intake(Smallest.transaction.with("transaction.sample_rate", "NaN")).result.accepted == 1)
        let message = "validation error: transaction: 'duration' required"
        #expect(Intake(Smallest.transaction.with("transaction.duration", "NaN")).messages == [message])
        #expect(Intake(Smallest.transaction.with("transaction.name", "NaN")).result.rejected == 1)
    }
}
