import Foundation
import Testing

extension Commands {
    /// What `--help` of every command prints, and what is made of it: completions and the manual page.
    @Suite("Help")
    @MainActor struct HelpTests {
        /// What `--experimental-dump-help` tells.
        struct Dump: Decodable {
            var command: Command
        }

        struct Command: Decodable {
            var commandName: String
            var abstract: String?
            var arguments: [Argument]?
            var subcommands: [Command]?

            /// The commands below it and itself, by the words that call them.
            func all(below words: [String] = []) -> [(words: [String], command: Command)] {
                let own = words + [commandName]
                let others = (subcommands ?? []).filter { $0.commandName != "help" }
                return [(Array(own.dropFirst()), self)] + others.flatMap { $0.all(below: own) }
            }
        }

        struct Argument: Decodable {
            var kind: String
            var valueName: String
            var abstract: String?
            var preferredName: Name?

            struct Name: Decodable {
                var name: String
            }
        }

        private func commands(_ sandbox: Sandbox) throws -> [(words: [String], command: Command)] {
            let json = try sandbox.waitline("--experimental-dump-help").succeeded().outputBytes
            let all = try JSONDecoder().decode(Dump.self, from: Data(json)).command.all()
            try #require(all.count > 15)
            return all
        }

        @Test func everyLineFitsInEightyColumns() throws {
            let sandbox = try Sandbox()
            for (words, _) in try commands(sandbox) {
                let help = try sandbox.run(Project.binary, words + ["--help"], environment: ["COLUMNS": "80"])
                let lines = try help.succeeded().lines
                #expect(lines.allSatisfy { $0.count <= 80 }, "\(words): \(lines.filter { $0.count > 80 })")
                // Where nothing is known of the reader, too.
                #expect(try sandbox.run(Project.binary, words + ["--help"]).output == help.output)
            }
        }

        @Test func everythingIsExplained() throws {
            for (words, command) in try commands(Sandbox()) {
                let abstract = command.abstract ?? ""
                #expect(abstract.hasSuffix(".") && abstract.count > 10, "\(words)")
                for argument in command.arguments ?? [] {
                    #expect(argument.abstract?.isEmpty == false, "\(words) \(argument.valueName)")
                }
            }
        }

        @Test func bashCompletes() throws {
            guard let bash = Project.tool("bash") else {
                print("SKIPPED: completions: there is no bash")
                return
            }
            let sandbox = try Sandbox()
            let script = sandbox.path("waitline.bash")
            try sandbox.write(
                "waitline.bash", sandbox.waitline("--generate-completion-script", "bash").succeeded().output)
            func completions(_ line: String) throws -> [Substring] {
                let words = line.split(separator: " ", omittingEmptySubsequences: false)
                let outcome = try sandbox.run(
                    bash,
                    [
                        "-c",
                        """
                        source "$1"; shift; COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=("$@")
                        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                        _waitline waitline "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                        printf '%s\\n' "${COMPREPLY[@]}"
                        """, "bash", script,
                    ] + words.map(String.init))
                return try outcome.succeeded().output.split(separator: "\n").sorted()
            }
            #expect(try completions("waitline re") == ["record", "report"])
            #expect(try completions("waitline export --pseu") == ["--pseudonyms"])
            #expect(try completions("waitline export --format ch") == ["chrome"])
            for shell in ["zsh", "fish"] {
                let other = try sandbox.waitline("--generate-completion-script", shell).succeeded().output
                #expect(other.contains("pseudonyms") && other.contains("what-if"))
            }
        }

        @Test func theManualTellsTheSame() throws {
            guard let python = Project.tool("python3") else {
                print("SKIPPED: manual: there is no python3")
                return
            }
            let sandbox = try Sandbox()
            let script = "\(Project.root)/.ci/manual.py"
            let page = try sandbox.run(python, [script, Project.binary]).succeeded().output
            try sandbox.write("waitline.1", page)
            for (words, command) in try commands(sandbox) {
                if command.subcommands == nil {
                    #expect(page.contains(".SS waitline " + words.joined(separator: " ").replacing("-", with: "\\-")))
                }
                for name in (command.arguments ?? []).compactMap(\.preferredName?.name) where name != "help" {
                    #expect(page.contains("\\fB\\-\\-\(name.replacing("-", with: "\\-"))\\fR"), "\(words) \(name)")
                }
            }
            guard let groff = Project.tool("groff") else {
                print("SKIPPED: manual: there is no groff")
                return
            }
            let drawn = try sandbox.run(
                groff, ["-man", "-ww", "-Tutf8", "-rLL=80n", sandbox.path("waitline.1")],
                environment: ["GROFF_NO_SGR": "1"]
            ).succeeded().output
            // Bold letters are struck twice.
            let plain = drawn.replacing(/.\u{8}/, with: "").split(separator: "\n")
            #expect(plain.contains("EXIT STATUS") && plain.contains { $0.hasSuffix("--pseudonyms") })
            #expect(plain.allSatisfy { $0.count <= 80 }, "\(plain.filter { $0.count > 80 })")
        }
    }
}
