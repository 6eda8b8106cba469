import TraceCore
import TraceExport
import TraceServer
import TraceTerminal

/// What became of a check, step by step.
struct IntakeCheckReport {
    private struct Line {
        var step: IntakeCheck.Step
        var result: String
        /// µs; nil where the step was not taken.
        var duration: Int64?
        var message: String
    }

    private let address: ServerAddress
    private let trace: String
    private let limit: Duration
    private var lines: [Line] = []
    private var total = Duration.zero
    /// Why the check ends with something else than 0.
    private(set) var failure: CommandFailure?

    init(address: ServerAddress, trace: String, limit: Duration) {
        self.address = address
        self.trace = trace
        self.limit = limit
    }

    /// Takes the steps of a check up to the first that fails.
    mutating func take(_ check: IntakeCheck) async {
        let clock = ContinuousClock()
        let begin = clock.now
        for step in IntakeCheck.Step.allCases where failure == nil {
            let started = clock.now
            let result: Result<IntakeCheck.Finding, any Error>
            do {
                result = .success(try await check.take(step, timeLeft: limit - (started - begin)))
            } catch {
                result = .failure(error)
            }
            let now = clock.now
            total = now - begin
            add(step, result, duration: (now - started).microseconds)
        }
    }

    private mutating func add(
        _ step: IntakeCheck.Step, _ result: Result<IntakeCheck.Finding, any Error>, duration: Int64
    ) {
        switch result {
        case .success(.skipped(let message)):
            lines.append(Line(step: step, result: "skipped", duration: nil, message: message))
        case .success(.done(let message)) where total <= limit:
            lines.append(Line(step: step, result: "done", duration: duration, message: message))
        case .success:
            fail(step, tooSlow, duration)
        case .failure(let error) where error as? ClientError == .timedOut:
            fail(step, tooSlow, duration)
        case .failure(let error as ClientError):
            fail(step, CommandFailure(.inputOutput, Self.reason(of: error, at: address)), duration)
        case .failure(let error):
            fail(step, CommandFailure(error) ?? CommandFailure(.inputOutput, "\(error)"), duration)
        }
    }

    private var tooSlow: CommandFailure {
        CommandFailure(
            .no,
            "\(address) was too slow: \(DurationText(fitting: total.microseconds, ascii: true).text(total.microseconds)) and not done, \(limit.text) are allowed"
        )
    }

    private static func reason(of error: ClientError, at address: ServerAddress) -> String {
        if case .cannotConnect = error { return "\(error)" }
        return "\(address): \(error)"
    }

    private mutating func fail(_ step: IntakeCheck.Step, _ failure: CommandFailure, _ duration: Int64) {
        lines.append(Line(step: step, result: "failed", duration: duration, message: failure.message ?? ""))
        self.failure = failure
    }

    /// A line for each step that was taken, and one for all of them; why the check failed is said on standard error.
    var text: String {
        let microseconds = total.microseconds
        let form = DurationText(
            fitting: microseconds, ascii: TerminalOptions.isASCII(.auto, environment: Platform.environment))
        let sum = form.text(microseconds)
        func line(_ time: String, _ message: String) -> String {
            String(repeating: " ", count: max(0, sum.count - time.count)) + "\(time)  \(SafeLine.text(message))\n"
        }
        var text = ""
        for entry in lines where entry.result != "failed" {
            text += line(entry.duration.map { form.text($0) } ?? "-", entry.message)
        }
        if failure == nil { text += line(sum, "\(address) is well") }
        return text
    }

    /// `waitline.check-intake.v1`.
    var json: String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.check-intake.v1")
            json.key("url")
            json.string("\(address)")
            json.key("ok")
            json.bool(failure == nil)
            json.key("trace_id")
            json.string(trace)
            json.key("steps")
            json.array { json in
                for line in lines {
                    json.object { json in
                        json.key("step")
                        json.string(line.step.rawValue)
                        json.key("result")
                        json.string(line.result)
                        json.key("duration_us")
                        json.integer(line.duration)
                        json.key("message")
                        json.string(line.message)
                    }
                }
            }
            json.key("total_us")
            json.integer(total.microseconds)
            json.key("within_us")
            json.integer(limit.microseconds)
        }
        return json.text + "\n"
    }
}
