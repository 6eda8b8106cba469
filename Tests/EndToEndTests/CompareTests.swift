import Foundation
import Testing

/// The JSON of `waitline compare`.
struct ComparisonAnswer: Decodable, Equatable {
    var schema: String
    var a: Side
    var b: Side
    var paired: Bool
    var usersLeftOut: Int
    var quantities: [Quantity]
    var verdict: String

    struct Side: Decodable, Equatable {
        var runs: Int
        var tasks: Int
        var slots: Int?
    }

    struct Quantity: Decodable, Equatable {
        var name: String
        var a: Percentiles
        var b: Percentiles
        var change: Double?
        var p: Double?
        var real: Bool
    }

    struct Percentiles: Decodable, Equatable {
        var p50: Int
        var p95: Int
    }
}

extension Commands {
    /// `waitline compare`: two sets of runs, from files and the database.
    @Suite("Compare")
    @MainActor struct CompareTests {
        private func compare(_ sandbox: Sandbox, _ arguments: String...) throws -> ComparisonAnswer {
            try sandbox.run(Project.binary, ["compare", "--format", "json"] + arguments).succeeded().decoded()
        }

        /// The refactoring: what the transactions say fell by nine tenths, the work and the turnaround did not change.
        @Test func theRefactoringChangedTheMeasurement() throws {
            let sandbox = try Sandbox()
            let files = try compare(sandbox, SampleTrace.manyBefore.path, SampleTrace.manyAfter.path)
            #expect(files.schema == "waitline.compare.v1")
            #expect(files.verdict == "measurement")
            #expect(files.a == files.b && files.a == ComparisonAnswer.Side(runs: 1, tasks: 1_000, slots: 50))
            #expect(files.paired && files.usersLeftOut == 0)
            #expect(files.quantities.map(\.name).first == "duration" && files.quantities.count == 7)
            #expect(files.quantities[0].a == ComparisonAnswer.Percentiles(p50: 2_297_204, p95: 4_284_469))
            #expect(files.quantities[0].b == ComparisonAnswer.Percentiles(p50: 214_072, p95: 305_802))
            #expect(files.quantities[0].change == -0.9068)
            #expect(files.quantities.map(\.real) == [true, true, true, false, true, false, false])
            #expect(files.quantities[6].p == nil)
            // Stored, by any selector, and half from a file: the same answer.
            try sandbox.importing(SampleTrace.manyBefore.path, SampleTrace.manyAfter.path)
            #expect(try compare(sandbox, "label:design=semaphore", "label:design=queue") == files)
            #expect(try compare(sandbox, "latest~1", "latest", "--no-cache") == files)
            #expect(try compare(sandbox, SampleTrace.manyBefore.path, "60f95f23") == files)
            let text = try sandbox.waitline("compare", "latest~1", "latest").succeeded()
            #expect(text.output.contains("verdict: the measurement changed, the speed did not"))
            #expect(text.lines.allSatisfy { $0.count <= 100 })
        }

        @Test func formats() throws {
            let sandbox = try Sandbox()
            let files = [SampleTrace.manyBefore.path, SampleTrace.manyAfter.path]
            let csv = try sandbox.run(Project.binary, ["compare", "--format", "csv"] + files).succeeded()
            #expect(csv.lines.count == 8)
            #expect(csv.lines[1].hasPrefix("duration,1000,1000,2297204,214072,4284469,305802,-0.9068,Wilcoxon,"))
            let markdown = try sandbox.run(Project.binary, ["compare", "--format", "markdown"] + files).succeeded()
            #expect(markdown.output.contains("\n**Verdict: the measurement changed, the speed did not**: "))
            for width in [40, 80] {
                let narrow = try sandbox.run(
                    Project.binary, ["compare", "--width", "\(width)", "--ascii", "always"] + files
                ).succeeded()
                #expect(narrow.lines.allSatisfy { $0.utf8.count <= width && $0.utf8.allSatisfy { $0 < 0x80 } })
            }
            let none = try sandbox.run(Project.binary, ["compare", "--rows", "0"] + files).succeeded()
            #expect(!none.output.contains("changed most"))
            let all = try sandbox.run(Project.binary, ["compare", "--rows", "all"] + files).succeeded()
            #expect(all.lines.count > 1_000)
        }

        @Test func setsThatHoldNothing() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let after = SampleTrace.after.path
            for (arguments, mention) in [
                (["latest", "label:design=queue"], "no run found for label:design=queue"),
                (["version:9", after], "no run found for version:9"),
                (["latest", after, "--user", "nobody"], "no task of 1 run of A is in that selection"),
                ([after, "latest", "--label", "design=queue"], "no task of 1 run of B"),
            ] {
                let outcome = try sandbox.run(Project.binary, ["compare"] + arguments).failed(1, mention)
                #expect(outcome.output.isEmpty)
            }
            let lines = try SampleTrace.before.lines().map { line in
                line.hasPrefix(#"{"transaction""#)
                    ? line.replacing(#""sampled": true"#, with: #""sampled": false"#) : line
            }
            let unsampled = try sandbox.write("unsampled.ndjson", lines.joined(separator: "\n") + "\n")
            try sandbox.waitline("compare", unsampled, after).failed(1, "not sampled, and so in no statistic: 4")
        }

        @Test func oddSets() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path, SampleTrace.after.path)
            let few = try compare(sandbox, SampleTrace.before.traceID, SampleTrace.after.traceID)
            #expect(few.verdict == "none" && !few.paired)
            #expect(few.quantities.allSatisfy { $0.p == nil && !$0.real })
            // Sets that overlap are said to.
            let text = try sandbox.waitline("compare", "all", "latest").succeeded()
            #expect(text.output.contains("\n1 run is on both sides: what is compared is partly the same\n"))
            #expect(text.output.contains("verdict: too few to tell"))
            let json = try sandbox.waitline("compare", "latest", "latest", "--format", "json")
            #expect(json.ending == .exit(0))
            #expect(json.errors == "waitline: both sides are the same runs\n")
            // A file that is not whole is compared as far as it goes, and said to be broken.
            let body = try Files.read(SampleTrace.before.path) + Array("{\"transaction\":{}}\n".utf8)
            let broken = try sandbox.waitline("compare", try sandbox.write("broken.ndjson", body), "latest")
            broken.failed(2, "broken.ndjson")
            #expect(broken.output.contains("verdict: "))
        }
    }
}
