import ArgumentParser
import TraceCore

extension Inference: ExpressibleByArgument {
    public static var allValueDescriptions: [String: String] {
        [
            auto.rawValue: "the time that tasks waited in line, that of their group or one within them, if seen.",
            explicit.rawValue: "nothing else.",
            gap.rawValue: "all time of a task before its first work span; for tasks without a parent.",
        ]
    }
}

/// What counts as waiting.
struct InferenceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("What counts as wait beside wait spans and message age.", valueName: "rule"))
    var inference: Inference = .auto

    @Option(
        help: ArgumentHelp(
            """
            The words that tell a wait span. Default: $WAITLINE_WAIT_WORDS, else the standard words: `waitline help \
            wait-and-work` has them, and the form of the file.
            """,
            valueName: "file"),
        completion: .file())
    var waitWords: String?

    /// The settings that the options ask for. Throws where the file of words cannot be read or is none.
    func settings() throws(CommandFailure) -> AnalysisSettings {
        let named = Platform.environment["WAITLINE_WAIT_WORDS"].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = waitWords ?? named else { return AnalysisSettings(inference: inference) }
        guard let text = String(validating: try Self.read(path), as: UTF8.self) else {
            throw CommandFailure(.usage, "\(path) is no list of wait words: it is not UTF-8 text")
        }
        do throws(WaitWordsError) {
            return AnalysisSettings(inference: inference, words: try WaitWords(parsing: text))
        } catch {
            throw CommandFailure(.usage, "\(path), line \(error.line): \(error.message)")
        }
    }

    /// More than any list of words has; what is longer is another file.
    private static let sizeLimit = 1 << 20

    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        guard let descriptor = Platform.openFile(path) else {
            throw CommandFailure(.inputOutput, "cannot read wait words from \(path): \(Platform.lastError)")
        }
        defer { Platform.close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard let count = piece.withUnsafeMutableBytes({ Platform.read(descriptor, into: $0) }) else {
                throw CommandFailure(.inputOutput, "cannot read wait words from \(path): \(Platform.lastError)")
            }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
            guard bytes.count <= sizeLimit else {
                throw CommandFailure(.usage, "\(path) is no list of wait words: it is longer than 1 MiB")
            }
        }
    }
}
