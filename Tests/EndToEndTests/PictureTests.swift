import Foundation
import Testing

extension EndToEnd {
    /// The pictures that README shows are what the program draws; `WAITLINE_RECORD_GOLDENS=1` draws them anew.
    @Suite("Pictures") struct PictureTests {
        @Test(arguments: [SampleTrace.before, .after])
        func recordingsHaveTheirPictureBesideThem(_ recording: SampleTrace) throws {
            let sandbox = try Sandbox()
            let drawn = try sandbox.waitline("export", recording.path, "--format", "svg").succeeded().outputBytes
            let picture = recording.path.replacing(".ndjson", with: ".svg")
            if ProcessInfo.processInfo.environment["WAITLINE_RECORD_GOLDENS"] == "1" {
                try Data(drawn).write(to: URL(filePath: picture))
                return
            }
            #expect(try Files.read(picture) == drawn, "\(picture) is not what is drawn")
            let readme = try String(contentsOfFile: Project.root + "/README.md", encoding: .utf8)
            let name = recording.rawValue.replacing(".ndjson", with: ".svg")
            #expect(readme.contains("](sample-traces/\(name))"))
        }

        @Test func aPictureIsTheSameFromTheDatabaseAndIntoAFile() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            try sandbox.waitline("export", "latest", "--format", "svg", "--output", sandbox.path("run.svg")).succeeded()
            let again = try sandbox.waitline("export", SampleTrace.before.path, "--format", "svg").succeeded()
            #expect(try sandbox.read("run.svg") == again.outputBytes)
            #expect(again.output.hasPrefix("<svg ") && again.output.hasSuffix("</svg>\n"))
        }

        @Test func rowsAreThoseAskedFor() throws {
            let sandbox = try Sandbox()
            func rows(_ arguments: String...) throws -> (count: Int, text: String) {
                let text = try sandbox.run(
                    Project.binary, ["export", SampleTrace.before.path, "--format", "svg"] + arguments
                ).succeeded().output
                return (text.components(separatedBy: "class=\"wl-row\"").count - 1, text)
            }
            let all = try rows("--rows", "all")
            #expect(all.count == 19 && !all.text.contains("not shown"))
            let few = try rows("--rows", "4")
            #expect(few.count == 4 && few.text.contains("… 15 of 19 rows not shown"))
            try sandbox.waitline("export", SampleTrace.before.path, "--rows", "4").failed(2, "--format svg")
        }

        @Test func aPictureIsOfWhatIsAskedFor() throws {
            let sandbox = try Sandbox()
            func picture(_ recording: SampleTrace, _ arguments: String...) throws -> String {
                try sandbox.run(Project.binary, ["export", recording.path, "--format", "svg"] + arguments)
                    .succeeded().output
            }
            let user = try picture(.manyBefore, "--user", "user-0990", "--from", "4s", "--pseudonyms")
            #expect(user.components(separatedBy: "data-kind=\"transaction\"").count - 1 == 2, "the run, and the task")
            #expect(user.contains(/shown are those for user-[0-9a-f]{16}, from 4\.000s to 4\.5[0-9]{2}s of the run</))
            #expect(!user.contains("user-0990") && user.contains("950 of 1 000 tasks waited"))
            let flat = try picture(.manyBefore, "--depth", "1", "--sort", "wait", "--rows", "5")
            #expect(!flat.contains("wl-fold\"") && flat.contains("data-kind=\"transaction\""))
            let folded = try picture(.manyBefore, "--rows", "all", "--fold", "always")
            #expect(folded.contains("1 000 × user task"))
            try sandbox.waitline("export", SampleTrace.before.path, "--format", "html", "--failed", "--user", "u")
                .failed(2, "--user goes with --format svg")
            try sandbox.waitline("export", SampleTrace.before.path, "--format", "svg", "--from", "9s")
                .failed(2, "--from has to lie before --to")
        }

        @Test func pseudonymsLeaveNoUserInAPicture() throws {
            let sandbox = try Sandbox()
            for recording in [SampleTrace.before, .manyBefore] {
                let picture = try sandbox.waitline("export", recording.path, "--format", "svg", "--pseudonyms")
                #expect(try picture.succeeded().output.firstMatch(of: /user-[0-9]{4}(?![0-9a-f])/) == nil)
                #expect(picture.output.contains(/>user-[0-9a-f]{16}</))
            }
        }

        @Test func aThousandTasksMakeASmallPicture() throws {
            let sandbox = try Sandbox()
            let picture = try sandbox.waitline("export", SampleTrace.manyBefore.path, "--format", "svg").succeeded()
            #expect(picture.outputBytes.count < 60_000)
            #expect(picture.output.contains("1 000 × user task") && picture.output.contains(">p99 <"))
            #expect(picture.output.contains("950 of 1 000 tasks waited for one of 50 slots"))
        }
    }
}
