import ArgumentParser

/// Measures `waitline` from outside: as whole processes, over real HTTP, beside other programs where those are named.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measures waitline: intake, growth, answers, browser, and all of it at the same time.",
        subcommands: [
            IntakeCommand.self, GrowthCommand.self, ReadsCommand.self, ScaleCommand.self, ConcurrencyCommand.self,
            BrowseCommand.self,
        ])

    /// Exit codes: 0, 1 where a measurement failed, 2 where the command line makes no sense.
    static func main() {
        // What is sent carries no token, so that the server must not ask for one.
        Platform.removeVariable("WAITLINE_SECRET_TOKEN")
        let interrupts = Belongings.clearOnInterrupt()
        let code = withExtendedLifetime(interrupts) {
            do {
                var command = try parseAsRoot()
                try command.run()
                return Int32(0)
            } catch let failure as Failure {
                Platform.writeError("benchmark: \(failure)\n")
                return 1
            } catch {
                let text = fullMessage(for: error)
                let isHelp = exitCode(for: error).isSuccess
                if isHelp { print(text) } else { Platform.writeError("\(text)\n") }
                return isHelp ? 0 : 2
            }
        }
        Belongings.clear()
        Platform.exit(code)
    }
}
