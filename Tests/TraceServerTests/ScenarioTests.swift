import Foundation
import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct ScenarioTests {
    @Test(arguments: Scenario.all())
    func `answers as APM Server does`(_ scenario: Scenario) async throws {
        try await scenario.run { answer, connection, sink in
            #expect(answer.status == scenario.status)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            if let expected = scenario.answer {
                #expect(try json(answer.body) == json(expected))
            }
            if let prefix = scenario.errorPrefix {
                let error = try json(answer.body)["error"] as? String
                #expect(error?.hasPrefix(prefix) == true)
            }
            if !answer.body.isEmpty { #expect(answer.headers["content-type"] == "application/json") }
            for (name, value) in scenario.answerHeaders { #expect(answer.headers[name] == value) }
            if scenario.path.hasPrefix("/intake/v2"), scenario.status >= 400 {
                #expect(answer.headers["connection"] == "Close")
                #expect(try await connection.readToEnd() == "")
            }
            if let loss = scenario.loss {
                let lost = await sink.losses.entries
                #expect(lost.map(\.reason) == [loss])
                #expect(lost.map(\.unit) == [.requests])
                #expect(lost.map(\.count) == [1])
            } else if scenario.name != "too-large-metadata" {
                #expect(await sink.losses.isEmpty)
            }
        }
    }

    private func json(_ text: String) throws -> NSDictionary {
        guard !text.isEmpty else { return [:] }
        return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }
}
