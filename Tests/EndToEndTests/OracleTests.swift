import Foundation
import Testing

extension Commands {
    /// The program against another reading of the definitions (`Tests/oracle`), on random and hostile traces.
    @Suite("Oracle")
    @MainActor struct OracleTests {
        /// `WAITLINE_ORACLE_SEED` adds files of that seed.
        nonisolated static let seeds: [Int] = {
            let given = ProcessInfo.processInfo.environment["WAITLINE_ORACLE_SEED"].flatMap { Int($0) }
            return [20_261] + (given.map { [$0] } ?? [])
        }()
        private static let files = 100

        @Test(arguments: seeds)
        func bothReadTheSame(_ seed: Int) throws {
            guard let python = Project.tool("python3") else {
                print("SKIPPED: oracle: there is no python3")
                return
            }
            let sandbox = try Sandbox()
            let oracle = "\(Project.root)/Tests/oracle"
            let traces = sandbox.path("traces")
            _ = try sandbox.run(
                python, ["\(oracle)/generate.py", "--seed", "\(seed)", "--count", "\(Self.files)", traces]
            ).succeeded()
            let settings = ["auto", "explicit", "gap"].flatMap { ["--inference", $0] }
            let outcome = try sandbox.run(
                python, ["\(oracle)/compare.py", "--what-if"] + settings + [Project.binary, traces], seconds: 500)
            #expect(outcome.ending == .exit(0), "seed \(seed): \(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasSuffix("\(Self.files) passed, 0 failed\n"))
            print("RAN: oracle, seed \(seed)")
        }

        /// Every case to the microsecond, and within 3 % of what is known to be true: those kept here, and those beside
        /// the checkout.
        @Test(arguments: ["Tests/Cases", "../shared/cases"])
        func casesAreTold(_ folder: String) throws {
            guard let python = Project.tool("python3") else {
                print("SKIPPED: cases: there is no python3")
                return
            }
            let cases = "\(Project.root)/\(folder)"
            guard FileManager.default.fileExists(atPath: cases) else {
                print("SKIPPED: fixtures: no cases are beside the checkout")
                return
            }
            let sandbox = try Sandbox()
            let outcome = try sandbox.run(
                python, ["\(Project.root)/Tests/oracle/cases.py", cases, "--binary", Project.binary], seconds: 300)
            #expect(outcome.ending == .exit(0), "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasSuffix(" cases passed, 0 failed\n") && !outcome.output.contains("\n0 cases"))
            print("RAN: cases in \(folder)")
        }

        /// What the database says of where an event's line stands is where it stands: of files that are cut into
        /// several deliveries, and of those that a server was sent, with a member for the metadata in front.
        @Test(arguments: [false, true])
        func linesStandWhereTheDatabaseSays(throughAServer: Bool) throws {
            guard let python = Project.tool("python3") else {
                print("SKIPPED: oracle: there is no python3")
                return
            }
            let sandbox = try Sandbox()
            let files = [SampleTrace.before.path, SampleTrace.manyBefore.path]
            let server = throughAServer ? try RunningServe(sandbox) : nil
            for file in files { try sandbox.importing(file) }
            server?.stop()
            let script = "\(Project.root)/Tests/oracle/lines.py"
            let outcome = try sandbox.run(python, [script, sandbox.path("test.db")] + files).succeeded()
            #expect(outcome.output == "6032 lines found\n")
        }
    }
}
