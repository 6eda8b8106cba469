import Foundation
import Testing

extension EndToEnd {
    /// `waitline serve` as a program. What it answers to all the odd requests there are is tested beside the server.
    @Suite("Serve")
    struct ServeTests {
        @Test func answersAgents() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let root = try server.request("GET", "/")
            #expect(root.status == 200)
            #expect(root.body.contains(#""version":"8."#))
            let configuration = try server.request("GET", "/config/v1/agents?service.name=billing")
            #expect(configuration.status == 200)
            #expect(configuration.body.contains("{}"))
            #expect(try server.request("GET", "/nosuch").status == 404)
            #expect(try server.request("GET", "/intake/v2/events").status == 400)
            #expect(try server.post([]).status == 202)
            #expect(try server.post(Array("nonsense\n".utf8)).status == 400)
            server.stop()
            #expect(try sandbox.runs().runs.isEmpty)
        }

        @Test(arguments: [SIGTERM, SIGINT])
        func whatIsAcknowledgedIsStored(_ signal: Int32) throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let lines = try SampleTrace.before.lines()
            for event in lines.dropFirst() {
                #expect(try server.post(Array("\(lines[0])\n\(event)\n".utf8)).status == 202)
            }
            server.stop(signal)
            // The write-ahead log was taken into the database, which is whole by itself.
            #expect(try Files.names(in: sandbox.folder).filter { $0.contains("test.db-") }.isEmpty)
            let whole = try sandbox.waitline("waterfall", SampleTrace.before.path, "--format", "json").succeeded()
            let stored = try sandbox.waitline("waterfall", "latest", "--format", "json").succeeded()
            #expect(stored.outputBytes == whole.outputBytes)
            let again = try RunningServe(sandbox)
            #expect(try again.post(Files.read(SampleTrace.before.path)).status == 202)
            again.stop()
            #expect(try sandbox.runs().runs.map(\.spans) == [15])
        }

        @Test func aRunWhoseRootIsNotThereIsArriving() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            let lines = try SampleTrace.before.lines()
            let rootless = lines.filter {
                !($0.hasPrefix(#"{"transaction""#) && $0.contains(#""name": "billing run""#))
            }
            #expect(rootless.count == lines.count - 1)
            #expect(try server.post(Array((rootless.joined(separator: "\n") + "\n").utf8)).status == 202)
            #expect(try sandbox.runs().runs.map(\.arriving) == [true])
            #expect(try sandbox.report().arriving == 1)
            for command in ["runs", "report"] {
                #expect(try sandbox.waitline(command).succeeded().output.contains("arriving"))
            }
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            #expect(try sandbox.runs().runs.map(\.arriving) == [false])
            #expect(try sandbox.report().arriving == 0)
            server.stop()
        }

        @Test func itIsKilledAndNothingAcknowledgedIsLost() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            #expect(try server.post(Files.read(SampleTrace.before.path)).status == 202)
            server.kill()
            #expect(try sandbox.runs().runs.map(\.spans) == [15])
            #expect(try sandbox.importing(SampleTrace.after.path).duplicates == 0)
            #expect(try sandbox.runs().runs.count == 2)
        }

        @Test func aSecretToken() throws {
            let sandbox = try Sandbox()
            let secret = ["WAITLINE_SECRET_TOKEN": "hush"]
            let body = try Files.read(SampleTrace.before.path)
            for (server, warnings) in [
                (try RunningServe(sandbox, environment: secret), []),
                (
                    try RunningServe(sandbox, "--secret-token", "hush", "--database", sandbox.path("other.db")),
                    ["--secret-token"]
                ),
            ] {
                #expect(try server.post(body).status == 401)
                #expect(try server.post(body, headers: ["Authorization": "Bearer hus"]).status == 401)
                #expect(try server.request("GET", "/").body.isEmpty)
                #expect(try server.request("GET", "/").status == 200)
                #expect(try server.post(body, headers: ["Authorization": "Bearer hush"]).status == 202)
                server.stop(saying: warnings)
            }
            #expect(try sandbox.runs().runs.map(\.spans) == [15])
            #expect(try sandbox.runs("--database", sandbox.path("other.db")).runs.map(\.spans) == [15])
        }

        @Test func anImportShowsTheServersSecretToken() throws {
            let sandbox = try Sandbox()
            let secret = ["WAITLINE_SECRET_TOKEN": "hush"]
            let server = try RunningServe(sandbox, environment: secret)
            let path = SampleTrace.before.path
            try sandbox.waitline("import", path).failed(3, "--secret-token")
            try sandbox.waitline("import", path, "--secret-token", "wrong").failed(3, "--secret-token")
            #expect(try sandbox.runs().runs.isEmpty)
            let told = try sandbox.waitline("import", path, environment: secret).succeeded()
            #expect(told.output.hasPrefix("25 events accepted, 0 of them stored before"))
            #expect(try sandbox.importing(path, "--secret-token", "hush").duplicates == 25)
            server.stop()
        }

        @Test func anAddressThatIsTaken() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox)
            try sandbox.waitline(
                "serve", "--listen", "127.0.0.1:\(server.port)", "--database", sandbox.path("other.db")
            ).failed(3, "cannot listen on http://127.0.0.1:\(server.port)")
            server.stop()
            // The one that did not come up closed its database well.
            #expect(try Files.names(in: sandbox.folder).filter { $0.hasPrefix("other.db-") }.isEmpty)
        }

        @Test func theDatabasesFolderIsMadeForItsOwnerAlone() throws {
            let sandbox = try Sandbox()
            let server = try RunningServe(sandbox, environment: ["WAITLINE_DATABASE": nil])
            server.stop()
            let folder = sandbox.path("data/waitline")
            #expect(try Files.names(in: folder).contains("waitline.db"))
            let attributes = try FileManager.default.attributesOfItem(atPath: folder)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }
}
