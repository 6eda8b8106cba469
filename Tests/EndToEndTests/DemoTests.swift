import Foundation
import Testing

extension EndToEnd {
    /// `waitline demo`: the whole story in one command.
    @Suite("Demo")
    struct DemoTests {
        @Test func tellsTheStoryAndLeavesNothingBehind() throws {
            let sandbox = try Sandbox()
            let started = ContinuousClock.now
            // In the project's folder it finds the recordings by itself.
            let outcome = try sandbox.run(
                "/bin/sh", ["-c", #"cd "$1" && exec "$2" demo"#, "sh", Project.root, Project.binary]
            ).succeeded()
            let took = ContinuousClock.now - started
            print("demo took \(took)")
            // Ten seconds are promised of a machine of one's own; this one may be building beside.
            #expect(took < .seconds(30))
            #expect(try Files.names(in: sandbox.folder).isEmpty, "its temporary folder and its database are gone")
            for said in [
                "semaphore with 2 permits", "The agent says 1.24s for user-0003", "564ms is waiting", "679ms is work",
                "1 000 tasks", "wait share 90.4 %", "wait share 0.0 %",
                "from 2.30s to 0.21s (-90.7 %, p <0.0001)",
                "from 215ms to 214ms",
                "verdict: the measurement changed, the speed did not",
            ] {
                #expect(unwrapped(outcome.output).contains(said), "\(said)")
            }
            #expect(outcome.lines.allSatisfy { $0.count <= 100 })
        }

        @Test func aChangedDurationChangesTheFigures() throws {
            let sandbox = try Sandbox()
            let copy = sandbox.path("traces")
            try FileManager.default.copyItem(atPath: Project.sampleTraces, toPath: copy)
            let before = try sandbox.waitline("demo", "--traces", copy).succeeded()
            let file = "\(copy)/\(SampleTrace.before.rawValue)"
            let text = String(decoding: try Files.read(file), as: UTF8.self)
            let changed = text.replacing(#""duration": 1242.797"#, with: #""duration": 1542.797"#)
            try #require(changed != text)
            try Data(changed.utf8).write(to: URL(filePath: file))
            let after = try sandbox.waitline("demo", "--traces", copy).succeeded()
            #expect(!unwrapped(before.output).contains("1.54s"))
            #expect(unwrapped(after.output).contains("The agent says 1.54s for user-0003"))
            #expect(unwrapped(after.output).contains("564ms is waiting for a permit, and 979ms is work"))
            #expect(try Files.names(in: sandbox.folder) == ["traces"])
        }

        @Test func saysWhatItDoesNotFind() throws {
            let sandbox = try Sandbox()
            let missing = sandbox.path("missing")
            try sandbox.waitline("demo", "--traces", missing).failed(3, missing)
            #expect(try Files.names(in: sandbox.folder).isEmpty)
        }

        private func unwrapped(_ text: String) -> String { text.replacing("\n", with: " ") }
    }
}
