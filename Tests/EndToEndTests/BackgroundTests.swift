import Foundation
import Testing

/// What the JSON of `waitline waterfall` says of what ran beside the run.
struct BackgroundAnswer: Decodable, Equatable {
    var background: [Kind]
    var backgroundCut: Bool

    struct Kind: Decodable, Equatable {
        var name: String?
        var pid: Int
        var count: Int
        var intervalUs: Int?
        var lateUs: Late?
        var fewRunning: Load?
        var slotsTaken: Load?
    }

    struct Late: Decodable, Equatable {
        var starts: Int
        var p50: Int
        var max: Int
    }

    struct Load: Decodable, Equatable {
        var below: Int?
        var from: Int?
        var lateUs: Late
    }
}

extension EndToEnd {
    /// The article's heartbeat: does the run starve what else its process does?
    @Suite("Background")
    struct BackgroundTests {
        private static let start = 1_795_406_603_000_000

        private func metadata(pid: Int) -> String {
            """
            {"metadata":{"service":{"name":"billing-runner","agent":{"name":"python","version":"6.25.2"}},\
            "process":{"pid":\(pid)},"system":{"hostname":"billing-1"}}}
            """
        }

        private func transaction(_ id: Int, trace: Int, parent: Int? = nil, _ name: String, at offset: Int, ms: Int)
            -> String
        {
            let digits = String(trace)
            let trace = String(repeating: "0", count: 32 - digits.count) + digits
            let parent = parent.map { ",\"parent_id\":\"\(String(10_000_000_00000000 + $0))\"" } ?? ""
            return """
                {"transaction":{"id":"\(10_000_000_00000000 + id)","trace_id":"\(trace)"\(parent),"name":"\(name)",\
                "type":"task","timestamp":\(Self.start + offset),"duration":\(ms),"span_count":{"started":1}}}
                """
        }

        private func span(_ id: Int, under task: Int, at offset: Int, ms: Int) -> String {
            """
            {"span":{"id":"\(20_000_000_00000000 + id)","trace_id":"\(String(repeating: "0", count: 31))1",\
            "transaction_id":"\(10_000_000_00000000 + task)","parent_id":"\(10_000_000_00000000 + task)",\
            "name":"POST","type":"external","timestamp":\(Self.start + offset),"duration":\(ms)}}
            """
        }

        /// 12 tasks of 1 s behind 3 slots, and a heartbeat every 100 ms, which is 15 ms late while the pool is full. The
        /// run is the newest trace.
        private func stream() -> String {
            var lines = [metadata(pid: 7), transaction(1, trace: 1, "billing run", at: 0, ms: 4_000)]
            for task in 0..<12 {
                let taking = task / 3 * 1_000_000
                let length = taking / 1_000 + 1_000
                lines.append(transaction(10 + task, trace: 1, parent: 1, "user task", at: 0, ms: length))
                lines.append(span(10 + task, under: 10 + task, at: taking, ms: 1_000))
            }
            var (beat, number) = (-6_000_000, 100)
            while beat < 10_000_000 {
                lines.append(transaction(number, trace: 2, "heartbeat", at: beat, ms: 1))
                let isFull = 0..<4_000_000 ~= beat + 100_000
                beat += isFull ? 115_000 : 100_000
                number += 1
            }
            return lines.joined(separator: "\n") + "\n"
        }

        /// What another process does meanwhile.
        private func strangers() -> String {
            let lines = (0..<30).map { transaction(1_000 + $0, trace: 3, "stranger", at: $0 * 50_000 - 9, ms: 1) }
            return ([metadata(pid: 8)] + lines).joined(separator: "\n") + "\n"
        }

        @Test func aHeartbeatThatARunStarves() throws {
            let sandbox = try Sandbox()
            let path = try sandbox.write("heartbeat.ndjson", stream())
            let run = String(repeating: "0", count: 31) + "1"
            let other = try sandbox.write("strangers.ndjson", strangers())
            try sandbox.importing(path, other)
            let stored: BackgroundAnswer = try sandbox.waitline("waterfall", run, "--format", "json").succeeded()
                .decoded()
            let kind = try #require(stored.background.first)
            #expect(stored.background.count == 1 && !stored.backgroundCut)
            #expect(kind.name == "heartbeat" && kind.pid == 7 && kind.intervalUs == 100_000)
            #expect((34...36).contains(kind.count))
            #expect(kind.slotsTaken?.from == 3 && kind.slotsTaken?.lateUs.p50 == 15_000)
            #expect(kind.fewRunning?.below == 2 && kind.fewRunning?.lateUs.p50 == 0)
            let text = try sandbox.waitline("waterfall", run, "--width", "120").succeeded().output
            #expect(text.contains("background: what else the process did during the run\n"), "\(text)")
            let sentence = try #require(text.split(separator: "\n").first { $0.contains("heartbeat: late by") })
            #expect(
                sentence.contains("heartbeat: late by 0.0ms (median of")
                    && sentence.contains("while under 2 tasks ran, 15.0ms (median of"), "\(sentence)")
            #expect(!text.contains("stranger"))
            let file: BackgroundAnswer = try sandbox.waitline("waterfall", path, "--format", "json").succeeded()
                .decoded()
            #expect(file == stored)
            #expect(try sandbox.waitline("waterfall", path, "--width", "120").succeeded().output == text)
            let chain = try sandbox.waitline("waterfall", run, "--chain").succeeded().output
            #expect(!chain.contains("background"))
        }

        @Test func aRunThatNothingRanBesideHasNone() throws {
            let sandbox = try Sandbox()
            let sample: BackgroundAnswer = try sandbox.waitline(
                "waterfall", SampleTrace.before.path, "--format", "json"
            )
            .succeeded().decoded()
            #expect(sample == BackgroundAnswer(background: [], backgroundCut: false))
            let text = try sandbox.waitline("waterfall", SampleTrace.before.path).succeeded().output
            #expect(!text.contains("background"))
        }
    }
}
