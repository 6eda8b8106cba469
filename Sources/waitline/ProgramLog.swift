import Logging
import Synchronization
import TraceExport

/// The program's log: lines on standard error, for people or for programs.
struct ProgramLog: LogHandler {
    enum Format: String, CaseIterable, Sendable {
        case text
        case json
    }

    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let format: Format

    /// A logger that writes there what is at least of this level.
    static func logger(_ level: Logger.Level, _ format: Format = .text) -> Logger {
        Logger(label: "waitline") { _ in ProgramLog(logLevel: level, format: format) }
    }

    private init(logLevel: Logger.Level, format: Format) {
        self.logLevel = logLevel
        self.format = format
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var details = metadata
        if let provided = metadataProvider?.get() { details.merge(provided) { $1 } }
        if let given = event.metadata { details.merge(given) { $1 } }
        if let error = event.error { details["error"] = "\(error)" }
        let line = Line(
            time: Platform.now(), level: event.level, message: Self.cut("\(event.message)"),
            details: details.sorted { $0.key < $1.key }.map { (Self.cut($0.key), Value($0.value)) })
        let text = format == .json ? line.json : line.text
        // A pipe takes long lines in pieces, between which others' would go.
        Self.turn.withLock { _ in Platform.writeError(text) }
    }

    private static let turn = Mutex(())

    /// The beginning of a text, as much of it as belongs into a log.
    fileprivate static func cut(_ text: String) -> String {
        let most = 1_024
        guard text.utf8.count > most else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))) + "…"
    }
}

extension ProgramLog {
    /// What stands behind a name.
    fileprivate enum Value {
        case integer(Int)
        case number(Double)
        case text(String)

        init(_ value: Logger.Metadata.Value) {
            switch value {
            case .stringConvertible(let number as Int): self = .integer(number)
            case .stringConvertible(let number as Double): self = .number(number)
            default: self = .text(ProgramLog.cut("\(value)"))
            }
        }

        /// As it stands in a line for people: between quotes where it would not be one word.
        var word: String {
            switch self {
            case .integer(let number): return "\(number)"
            case .number(let number): return "\(number)"
            case .text(let text):
                let isWord =
                    !text.isEmpty && !text.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" || $0 == "\\" }
                if isWord { return SafeLine.text(text) }
                let quoted = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                return "\"\(SafeLine.text(quoted))\""
            }
        }
    }

    /// One line, before it is known who reads it.
    fileprivate struct Line {
        var time: Int64
        var level: Logger.Level
        var message: String
        var details: [(name: String, value: Value)]

        /// In UTC, to the millisecond.
        private var moment: String {
            let milliseconds = String(time / 1_000 % 1_000 + 1_000).dropFirst()
            return "\(Platform.utcText(time).dropLast()).\(milliseconds)Z"
        }

        var text: String {
            var text = "\(moment) \(level.rawValue) \(SafeLine.text(message))"
            for (name, value) in details { text += " \(SafeLine.text(name))=\(value.word)" }
            return text + "\n"
        }

        var json: String {
            var json = JSONWriter()
            json.object { json in
                json.key("time")
                json.string(moment)
                json.key("level")
                json.string(level.rawValue)
                json.key("message")
                json.string(message)
                for (name, value) in details {
                    json.key(["time", "level", "message"].contains(name) ? "_\(name)" : name)
                    switch value {
                    case .integer(let number): json.integer(number)
                    case .number(let number): json.number(number)
                    case .text(let text): json.string(text)
                    }
                }
            }
            return json.text + "\n"
        }
    }
}
