import Foundation
import Testing

extension EndToEnd {
    /// Files put one after another: each event is told of the service that sent it, and found where it is stored.
    @Suite("Joined files")
    struct JoinedFilesTests {
        private static let services = ["shop", "shop", "stock", "stock"]
        private static let ids = ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb", "cccccccccccccccc", "eeeeeeeeeeeeeeee"]

        /// Sees that the run is as it was sent: in a file, or stored where no argument is given.
        private func check(_ sandbox: Sandbox, _ file: String...) throws {
            let arguments = ["waterfall", "--format", "json"] + file
            let run: WaterfallAnswer = try sandbox.run(Project.binary, arguments).succeeded().decoded()
            #expect(run.rows.map(\.id) == Self.ids)
            #expect(run.rows.map(\.service) == Self.services)
        }

        /// Sees that what is stored stands where it is said to stand.
        private func checkStored(_ sandbox: Sandbox) throws {
            try check(sandbox)
            let checked = try sandbox.waitline("database", "check").succeeded()
            #expect(checked.output == "ok: 5 events in 2 bodies are as they were sent\n")
            let page = try sandbox.waitline("span", "dddddddddddddddd").succeeded().output
            #expect(page.contains("service stock") && page.contains("no such item"))
            let info = try sandbox.waitline("database", "info").succeeded().output
            #expect(info.contains("nothing was rejected"))
        }

        @Test(arguments: JoinedFiles.allCases)
        func eachEventIsThatOfItsService(_ joined: JoinedFiles) throws {
            let sandbox = try Sandbox()
            let file = try sandbox.write("joined.ndjson", joined.bytes)
            try check(sandbox, file)
            let page = try sandbox.waitline("span", "dddddddddddddddd", "--run", file).succeeded().output
            #expect(page.contains("service stock") && page.contains("no such item"))
            let copied = try sandbox.waitline("export", file).succeeded()
            try check(sandbox, try sandbox.write("exported.ndjson", copied.outputBytes))

            #expect(try sandbox.importing(file).accepted == 5)
            try checkStored(sandbox)
            #expect(try sandbox.importing("-", input: joined.bytes).duplicates == 5)
            #expect(try sandbox.importing("-", input: copied.outputBytes).duplicates == 5)
        }

        @Test(arguments: JoinedFiles.allCases)
        func aServerTakesThemStreamByStream(_ joined: JoinedFiles) throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let answer = try sandbox.importing("-", input: joined.bytes)
            #expect(answer.accepted == 5 && answer.duplicates == 0)
            server.stop()
            try checkStored(sandbox)
        }

        @Test func compressedFilesMayFollowOneAnother() throws {
            let sandbox = try Sandbox()
            func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
                try sandbox.run("/bin/sh", ["-c", "gzip -c"], input: bytes).succeeded().outputBytes
            }
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            let bytes = try gzip(mark + JoinedFiles.caller) + gzip(mark + JoinedFiles.callee)
            let file = try sandbox.write("both.ndjson.gz", bytes)
            try check(sandbox, file)
            try sandbox.importing(file)
            try checkStored(sandbox)
        }

        /// A request holds one stream, and what belongs to files is no part of it.
        @Test func aRequestIsAsEver() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            #expect(try server.post(JoinedFiles.plain.bytes).status == 400)
            #expect(try server.post(JoinedFiles.byteOrderMarks.bytes).status == 400)
            server.stop()
        }

        /// A stream whose metadata is not valid is rejected alone, by an import and by the server it posts to.
        @Test(arguments: [false, true])
        func aBadStreamIsRejectedAlone(_ isServed: Bool) throws {
            let sandbox = try Sandbox()
            let server = isServed ? try RunningServe(sandbox) : nil
            let bad = String(decoding: JoinedFiles.caller, as: UTF8.self).replacing(#","version":"6""#, with: "")
            let file = try sandbox.write("joined.ndjson", JoinedFiles.callee + Array(bad.utf8))
            let outcome = try sandbox.waitline("import", "--format", "json", file)
            let answer: ImportAnswer = try outcome.failed(2, "3 lines of \(file) rejected").decoded()
            #expect(answer.accepted == 3 && answer.rejected == 3)
            #expect(answer.errors.map(\.line) == [5, 6, 7])
            server?.stop()
            let run = try sandbox.waterfall()
            #expect(run.rows.map(\.service) == ["stock", "stock"])
            let info = try sandbox.waitline("database", "info").succeeded().output
            #expect(info.contains(isServed ? "1 request" : "1 line") && info.contains("'version' required"))
        }
    }
}
