import TraceCore
import TraceExport
import TraceIntake

/// What the errors of a run say, from the lines that they came in.
enum ErrorTexts {
    /// Lines looked up at a time.
    private static let chunk = 4_096

    /// By the error's index in the trace's side events; without those whose lines are gone or damaged.
    static func read(of trace: Trace, _ lines: StoredLines) throws -> [Int: ChromeTrace.ErrorText] {
        let errors = trace.sideEvents.indices.filter {
            trace.sideEvents[$0].kind == .error && trace.sideEvents[$0].trace != nil
        }
        var texts: [Int: ChromeTrace.ErrorText] = [:]
        for start in stride(from: 0, to: errors.count, by: chunk) {
            let part = errors[start..<min(start + chunk, errors.count)]
            for (index, line) in zip(part, try lines.lines(part.map { trace.sideEvents[$0].line })) {
                guard let error = line.flatMap({ ElasticDetails.read($0, kind: .error).error }) else { continue }
                texts[index] = ChromeTrace.ErrorText(type: error.type, message: error.message)
            }
        }
        return texts
    }
}
