import TraceCore
import TraceStorage

/// Sets of runs as they are named on the command line (source: "Selectors" of the command line's contract).
struct Selector: Sendable {
    enum Part: Sendable {
        case stored(RunSelection, text: String)
        /// The path of an NDJSON file, read without a database.
        case file(String)
    }

    /// The union of these.
    var parts: [Part]

    /// The union of these.
    init(parts: [Part]) { self.parts = parts }

    /// Reads a selector; what is wrong with it is a usage error. Times without a zone are those of `clock`.
    init(_ texts: [String], now: Int64, clock: LocalClock) throws(CommandFailure) {
        var parts: [Part] = []
        for text in texts {
            // A path may have commas in it; so a file of that very name is meant first.
            if Self.isPath(text), Platform.fileExists(text) {
                parts.append(.file(text))
                continue
            }
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                parts.append(try Self.part(String(part), now: now, clock: clock))
            }
        }
        self.parts = parts
    }

    private static func isPath(_ text: String) -> Bool {
        text.contains("/") || text.hasSuffix(".ndjson") || text.hasSuffix(".gz")
    }

    private static func part(_ text: String, now: Int64, clock: LocalClock) throws(CommandFailure) -> Part {
        if let value = text.value(after: "label:") {
            guard let equals = value.firstIndex(of: "="), equals != value.startIndex else {
                throw CommandFailure(.usage, "a label is selected as label:KEY=VALUE, not `\(text)`")
            }
            let selection = RunSelection.label(
                key: String(value[..<equals]), value: String(value[value.index(after: equals)...]))
            return .stored(selection, text: text)
        }
        if let version = text.value(after: "version:") { return .stored(.version(String(version)), text: text) }
        if let since = text.value(after: "since:") {
            let from = try time(String(since), now: now, clock: clock)
            return .stored(.started(from: from.lowerBound, to: nil), text: text)
        }
        if isPath(text) { return .file(text) }
        if text == "all" { return .stored(.all, text: text) }
        if text == "latest" { return .stored(.latest(0), text: text) }
        if let back = text.value(after: "latest~") {
            guard let count = Int(back), count >= 0 else {
                throw CommandFailure(.usage, "latest~N counts back from the newest run, as in latest~1, not `\(text)`")
            }
            return .stored(.latest(count), text: text)
        }
        if let dots = text.range(of: "..") {
            // Of an hour that comes twice all is meant.
            let from = try time(String(text[..<dots.lowerBound]), now: now, clock: clock)
            let to = try time(String(text[dots.upperBound...]), now: now, clock: clock)
            return .stored(.started(from: from.lowerBound, to: to.upperBound), text: text)
        }
        guard text.utf8.count >= 4 else {
            throw CommandFailure(
                .usage,
                "`\(text)` names no run: give 4 characters or more of its trace id, latest, label:KEY=VALUE or a file")
        }
        return .stored(.tracePrefix(text), text: text)
    }

    private static func time(
        _ text: String, now: Int64, clock: LocalClock
    ) throws(CommandFailure) -> ClosedRange<Int64> {
        guard let time = PointInTime.parse(text, now: now, clock: clock) else {
            throw CommandFailure(.usage, "`\(text)` is neither an age like 7d nor a time like 2026-11-23T08:30")
        }
        return time
    }
}

extension String {
    /// What follows a prefix; nil where it does not begin so.
    fileprivate func value(after prefix: String) -> Substring? {
        hasPrefix(prefix) ? self[index(startIndex, offsetBy: prefix.count)...] : nil
    }

    fileprivate func range(of separator: String) -> Range<String.Index>? {
        ranges(of: separator).first
    }
}
