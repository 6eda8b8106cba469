import Foundation
import Testing

/// A folder of a test's own, gone with it, and the program run in an environment that reaches nothing else.
final class Sandbox {
    let folder: String
    /// What every run gets; nothing of the surroundings but the search path.
    private let environment: [String: String]

    init() throws {
        let name = "endtoend-\(UUID().uuidString.prefix(8))"
        folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(path: name).path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let surroundings = ProcessInfo.processInfo.environment
        environment = [
            "PATH": surroundings["PATH"] ?? "/usr/bin:/bin", "HOME": folder, "XDG_DATA_HOME": "\(folder)/data",
            "WAITLINE_DATABASE": "\(folder)/test.db", "TMPDIR": folder, "TZ": "UTC", "LANG": "C.UTF-8",
            "TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1",
        ].merging(surroundings.filter { $0.key.hasPrefix("LD_LIBRARY") }) { own, _ in own }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The environment with changes; nil takes a variable away.
    func environment(_ changes: [String: String?]) -> [String: String] {
        var environment = environment
        for (name, value) in changes { environment[name] = value }
        return environment
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes a file; its path.
    @discardableResult
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(filePath: path(name)))
        return path(name)
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

    func read(_ name: String) throws -> [UInt8] { try Files.read(path(name)) }

    /// Runs `waitline` with these arguments to its end.
    @discardableResult
    func waitline(
        _ arguments: String..., environment changes: [String: String?] = [:], input: [UInt8] = [],
        output: Spawn.Output = .pipes, seconds: Int = 240
    ) throws -> Outcome {
        try run(
            Project.binary, arguments, environment: changes, input: input, output: output, seconds: seconds)
    }

    /// Runs any program to its end.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String], environment changes: [String: String?] = [:],
        input: [UInt8] = [], output: Spawn.Output = .pipes, seconds: Int = 240
    ) throws -> Outcome {
        let child = try ChildProcess(
            program, arguments, environment: environment(changes), input: input, output: output)
        let ending = child.finish(seconds: seconds)
        return Outcome(
            command: ([program] + arguments).joined(separator: " "), ending: ending, outputBytes: child.output,
            errorBytes: child.errors)
    }
}

/// What became of a program that ran.
struct Outcome {
    var command: String
    var ending: ChildProcess.Ending
    var outputBytes: [UInt8]
    var errorBytes: [UInt8]

    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var errors: String { String(decoding: errorBytes, as: UTF8.self) }
    var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }

    /// The same, after it was seen to have ended well and without a word on standard error.
    @discardableResult
    func succeeded(sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
        try #require(ending == .exit(0), "\(command): \(ending), \(errors)", sourceLocation: sourceLocation)
        #expect(errors.isEmpty, "\(command): \(errors)", sourceLocation: sourceLocation)
        return self
    }

    /// The same, after it was seen to have ended well, with one line on standard error that has this in it.
    @discardableResult
    func remarked(_ mention: String, sourceLocation: SourceLocation = #_sourceLocation) -> Outcome {
        failed(0, mention, sourceLocation: sourceLocation)
    }

    /// The same, after it was seen to have ended with an exit code and one line on standard error that has this in it.
    @discardableResult
    func failed(
        _ code: Int32, _ mention: String, sourceLocation: SourceLocation = #_sourceLocation
    ) -> Outcome {
        #expect(ending == .exit(code), "\(command): \(ending), \(errors)", sourceLocation: sourceLocation)
        let isOneLine = errors.hasSuffix("\n") && errors.dropLast().allSatisfy { $0 != "\n" && $0 != "\r\n" }
        #expect(isOneLine, "\(command): not one line: \(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("waitline: "), "\(command): \(errors)", sourceLocation: sourceLocation)
        #expect(errors.contains(mention), "\(command): \(errors)", sourceLocation: sourceLocation)
        return self
    }
}

/// Files, read whole.
enum Files {
    static func read(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
}
