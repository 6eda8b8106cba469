import Foundation
import Testing

/// `waitline browse` in a terminal: a server of tmux of our own, with one screen, which is typed to and looked at.
final class TerminalMultiplexer {
    private let program: String
    private let sandbox: Sandbox
    private let socket: String
    private let environment: [String: String]

    /// Starts a program on a screen of a size; when it ends, how it did stands there. Nil, after saying so, where there
    /// is no tmux.
    init?(
        _ sandbox: Sandbox, columns: Int, rows: Int, _ command: [String], environment changes: [String: String?] = [:]
    ) throws {
        guard let program = Project.tool("tmux") else {
            print("SKIPPED: tmux: there is none")
            return nil
        }
        self.program = program
        self.sandbox = sandbox
        // A socket's path is short, and the sandbox's may be long.
        socket = "waitline-\(UUID().uuidString.prefix(8))"
        environment = sandbox.environment(["TERM": "screen-256color", "TMUX_TMPDIR": "/tmp"])
            .merging(changes.compactMapValues { $0 }) { _, new in new }
        // What runs on the screen leaves its number in a file.
        let started = ["/bin/sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", sandbox.path("process")] + command
        let words = started.map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }
        let line =
            words.joined(separator: " ") + "; ended=$?; stty -a; printf 'ended with %s\\n' $ended; exec sleep 600"
        let size = ["-x", "\(columns)", "-y", "\(rows)"]
        try run(["-u", "-f", "/dev/null", "new-session", "-d"] + size + ["/bin/sh", "-c", line])
        print("RAN: tmux")
    }

    deinit { _ = try? run(["kill-server"]) }

    /// Types keys, by the names that tmux has for them.
    func type(_ keys: String...) throws { try run(["send-keys"] + keys) }

    /// Types a text as it stands.
    func type(text: String) throws { try run(["send-keys", "-l", text]) }

    func resize(_ columns: Int, _ rows: Int) throws {
        try run(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// The number of the program, once it has drawn something.
    var processID: pid_t? {
        get throws { pid_t(String(decoding: try sandbox.read("process"), as: UTF8.self).split(separator: "\n")[0]) }
    }

    /// What stands on the screen, without blanks at the end of lines.
    func screen() throws -> String { try run(["capture-pane", "-p"]) }

    /// Waits until the screen is as it should be; what it is at last.
    @discardableResult
    func wait(
        seconds: Int = 60, for expected: String, sourceLocation: SourceLocation = #_sourceLocation,
        until condition: (String) -> Bool
    ) throws -> String {
        let deadline = Deadline(seconds: seconds)
        var screen = try screen()
        while !condition(screen) {
            guard deadline.millisecondsLeft != nil else {
                Issue.record("not seen: \(expected); seen:\n\(screen)", sourceLocation: sourceLocation)
                break
            }
            Thread.sleep(forTimeInterval: 0.1)
            screen = try self.screen()
        }
        return screen
    }

    /// Waits until a text stands on the screen.
    @discardableResult
    func wait(for text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        try wait(for: text, sourceLocation: sourceLocation) { $0.contains(text) }
    }

    /// Waits until the screen is a golden one; `WAITLINE_RECORD_GOLDENS=1` records it once `text` stands there.
    func check(golden name: String, showing text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = "\(Project.root)/Tests/EndToEndTests/Goldens/\(name).txt"
        if ProcessInfo.processInfo.environment["WAITLINE_RECORD_GOLDENS"] == "1" {
            let screen = try wait(for: text, sourceLocation: sourceLocation)
            try Data(screen.utf8).write(to: URL(filePath: file))
            return
        }
        let golden = String(decoding: try Files.read(file), as: UTF8.self)
        try wait(for: "Goldens/\(name).txt", sourceLocation: sourceLocation) { $0 == golden }
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let child = try ChildProcess(program, ["-L", socket] + arguments, environment: environment)
        let ending = child.finish(seconds: 60)
        guard ending == .exit(0) else {
            throw Failed(description: "tmux \(arguments): \(ending), \(String(decoding: child.errors, as: UTF8.self))")
        }
        return String(decoding: child.output, as: UTF8.self)
    }

    private struct Failed: Error, CustomStringConvertible {
        var description: String
    }
}
