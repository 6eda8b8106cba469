import Foundation
import Testing

extension EndToEnd {
    /// Pages of runs, as a file says them. What a browser makes of them is `.ci/browser`'s to find out.
    @Suite("HTML export")
    struct HTMLExportTests {
        @Test func aRunIsAPageThatStandsAlone() throws {
            let sandbox = try Sandbox()
            try sandbox.importing(SampleTrace.before.path)
            let page = try sandbox.waitline("export", "latest", "--format", "html").succeeded().output
            #expect(page.hasPrefix("<!DOCTYPE html>"))
            #expect(page.contains("<title>billing run · waitline</title>"))
            #expect(page.contains("1 of 3 tasks waited for one of 2 slots; the recorded durations are 21.4 % waiting"))
            #expect(page.contains("http-equiv=\"Content-Security-Policy\""))
            // From the file, without a database, the same bytes; and again the same.
            let fromFile = try sandbox.waitline("export", SampleTrace.before.path, "--format", "html").succeeded()
            #expect(fromFile.output == page)
        }

        @Test func whatWentWrongIsToldWithItsMessage() throws {
            let sandbox = try Sandbox()
            let page = try sandbox.waitline("export", OddSample.failing.path, "--format", "html").succeeded().output
            #expect(page.contains("UsageRejected"))
        }

        @Test func twoSetsAreComparedAndFilesAreNamedWithoutTheirFolders() throws {
            let sandbox = try Sandbox()
            let (before, after) = (SampleTrace.manyBefore.path, SampleTrace.manyAfter.path)
            let page = try sandbox.waitline("export", before, after, "--format", "html").succeeded().output
            #expect(page.contains("Verdict: the measurement changed, the speed did not"))
            let folder = URL(filePath: before).deletingLastPathComponent().path(percentEncoded: false)
            #expect(page.contains(URL(filePath: before).lastPathComponent))
            #expect(!page.contains(folder))
            try sandbox.waitline("export", before, after).failed(2, "a second set of runs goes with --format html")
            try sandbox.waitline("export", before, "ffffffff", "--format", "html").failed(3, "no database")
        }

        @Test func pseudonymsLeaveNoUser() throws {
            let sandbox = try Sandbox()
            let (before, after) = (SampleTrace.before.path, SampleTrace.after.path)
            for selection in [[before], [before, after]] {
                let arguments = ["export"] + selection + ["--format", "html"]
                let known = try sandbox.run(Project.binary, arguments).succeeded().output
                #expect(known.contains("user-0003"))
                let hidden = try sandbox.run(Project.binary, arguments + ["--pseudonyms"]).succeeded().output
                #expect(hidden.firstMatch(of: /user-[0-9]{4}(?![0-9a-f])/) == nil)
                #expect(hidden.contains("user-"))
            }
        }
    }
}
