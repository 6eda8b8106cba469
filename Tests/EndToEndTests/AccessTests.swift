import Foundation
import Testing

extension EndToEnd {
    /// Who may send to `waitline serve`, and what it says where that is not clear.
    @Suite("Access")
    struct AccessTests {
        private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

        @Test func anyOfSeveralCredentialsFromAllPlacesIsLetIn() throws {
            let sandbox = try Sandbox()
            let tokens = try sandbox.write("tokens", "# of the shop\nfile1\t \r\n\n   # of the rest\n  file2  \n#\n")
            let keys = try sandbox.write("keys", "\u{FEFF}id:file#3\n")
            for path in [tokens, keys] {
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            }
            let server = try RunningServe(
                sandbox, "--secret-token-file", tokens, "--api-key-file", keys, "--secret-token", "flag1",
                "--secret-token", "flag2,with comma", "--api-key", "id:flag3",
                environment: ["WAITLINE_SECRET_TOKEN": "env1, env2 ", "WAITLINE_API_KEY": "id:env3,id:env4"])
            let right =
                ["file1", "file2", "flag1", "flag2,with comma", "env1", "env2"].map { "Bearer \($0)" }
                + ["id:file#3", "id:flag3", "id:env3", "id:env4"].map { "ApiKey \(base64($0))" }
            for header in right {
                #expect(try server.post([], headers: ["Authorization": header]).status == 202, "\(header)")
            }
            let wrong = [
                "Bearer # of the shop", "Bearer #", "Bearer ", "Bearer flag2", "Bearer env1, env2", "Bearer id:env3",
                "ApiKey \(base64("file1"))", "ApiKey \(base64(""))", "file1",
            ]
            for header in wrong {
                #expect(try server.post([], headers: ["Authorization": header]).status == 401, "\(header)")
            }
            #expect(try server.post([]).status == 401)
            server.stop(saying: ["--secret-token-file", "--api-key-file"])
        }

        @Test func aFileThatEveryoneCanReadIsWarnedOf() throws {
            let sandbox = try Sandbox()
            let tokens = try sandbox.write("tokens", "hush\n")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: tokens)
            let server = try RunningServe(sandbox, "--secret-token-file", tokens)
            #expect(try server.post([]).status == 401)
            server.stop(saying: ["can read \(tokens)"])
        }

        @Test func anEmptyCredentialNeverMeansThatAnyoneMaySend() throws {
            let sandbox = try Sandbox()
            let empty = try sandbox.write("empty", "")
            let comments = try sandbox.write("comments", "# token1\n\n \t \n")
            let binary = try sandbox.write("binary", [0x61, 0, 0xFF])
            let long = try sandbox.write("long", String(repeating: "x", count: 5_000))
            let endless = try sandbox.write("endless", String(repeating: "x\n", count: 200_000))
            for (name, value) in [
                ("WAITLINE_SECRET_TOKEN", ""), ("WAITLINE_SECRET_TOKEN", "  "), ("WAITLINE_SECRET_TOKEN", "a,,b"),
                ("WAITLINE_SECRET_TOKEN", "a,"), ("WAITLINE_API_KEY", ""), ("WAITLINE_API_KEY", "hunter2"),
                ("WAITLINE_API_KEY", ":hunter2"), ("WAITLINE_SECRET_TOKEN", "hunter2\u{1}"),
            ] {
                let ended = try sandbox.waitline("serve", environment: [name: value]).failed(2, name)
                #expect(!ended.errors.contains("hunter2"))
            }
            for arguments in [
                ["--secret-token", ""], ["--api-key", " "], ["--api-key", "hunter2"], ["--secret-token-file", empty],
                ["--secret-token-file", comments], ["--api-key-file", comments], ["--secret-token-file", binary],
                ["--secret-token-file", long], ["--secret-token-file", endless], ["--api-key-file", long],
            ] {
                let ended = try sandbox.run(Project.binary, ["serve"] + arguments)
                    .failed(2, arguments[0].hasSuffix("file") ? arguments[1] : arguments[0])
                #expect(!ended.errors.contains("hunter2") && ended.errors.utf8.count < 400)
            }
            for path in [sandbox.path("nosuch"), sandbox.folder] {
                try sandbox.waitline("serve", "--secret-token-file", path).failed(3, path)
            }
            #expect(try !Files.names(in: sandbox.folder).contains("test.db"), "nothing was made")
        }

        @Test(arguments: ["0.0.0.0", "[::]", "192.0.2.1", "example.invalid"])
        func whatOthersReachNeedsACredential(_ host: String) throws {
            let sandbox = try Sandbox()
            let ended = try sandbox.waitline("serve", "--listen", "\(host):0").failed(2, "http://\(host):0")
            for way in ["WAITLINE_SECRET_TOKEN", "--secret-token-file", "--api-key-file", "--allow-anonymous"] {
                #expect(ended.errors.contains(way))
            }
            try sandbox.waitline("serve", "--listen", "\(host):0", "--rate-limit", "5").failed(2, "--allow-anonymous")
            #expect(try Files.names(in: sandbox.folder).isEmpty)
        }

        @Test(arguments: ["192.0.2.1", "example.invalid"])
        func withACredentialOrTheFlagItIsTried(_ host: String) throws {
            // Addresses that are nobody's: what is tried fails, for another reason.
            let sandbox = try Sandbox()
            let listen = ["serve", "--listen", "\(host):0"]
            let secret = ["WAITLINE_SECRET_TOKEN": "hush"]
            try sandbox.run(Project.binary, listen, environment: secret).failed(3, "cannot listen")
            try sandbox.run(Project.binary, listen + ["--allow-anonymous"]).failed(3, "cannot listen")
        }

        @Test func whatContradictsItselfIsRefused() throws {
            let sandbox = try Sandbox()
            let secret = ["WAITLINE_SECRET_TOKEN": "hush"]
            try sandbox.waitline("serve", "--allow-anonymous", environment: secret).failed(2, "--allow-anonymous")
            try sandbox.waitline("serve", "--rate-limit", "5", environment: secret).failed(2, "--rate-limit")
            try sandbox.waitline("serve", "--rate-limit", "-1").failed(2, "rate-limit")
            try sandbox.waitline("serve", "--rate-limit", "99999999999999999999").failed(2, "rate-limit")
        }

        @Test func anAddressIsHeldToItsRate() throws {
            let sandbox = try Sandbox()
            let body = try Files.read(SampleTrace.before.path)
            for (arguments, status) in [
                (["--rate-limit", "1", "--allow-anonymous"], 429), (["--rate-limit", "1"], 429),
                (["--allow-anonymous", "--rate-limit", "0"], 202), ([], 202),
            ] {
                let server = try RunningServe(sandbox, arguments: arguments)
                #expect(try server.post(body).status == 202)
                #expect(try server.post(body).status == status, "\(arguments)")
                #expect(try server.request("GET", "/healthz").status == 200)
                server.stop()
            }
        }

        @Test func aCommandSendsTheFirstOfSeveralTokens() throws {
            let sandbox = try Sandbox()
            let secrets = ["WAITLINE_SECRET_TOKEN": "hush,other"]
            let server = try RunningServe(sandbox, environment: secrets)
            let told = try sandbox.waitline("import", SampleTrace.before.path, environment: secrets).succeeded()
            #expect(told.output.hasPrefix("25 events accepted, 0 of them stored before"))
            server.stop()
        }

        @Test func helpShowsNoSecret() throws {
            let sandbox = try Sandbox()
            let secrets = ["WAITLINE_SECRET_TOKEN": "hunter2", "WAITLINE_API_KEY": "id:hunter2"]
            let help = try sandbox.waitline("serve", "--help", environment: secrets).succeeded()
            #expect(help.output.contains("--secret-token-file") && !help.output.contains("hunter2"))
        }
    }
}
