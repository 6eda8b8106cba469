import Testing
import TraceCore
import TraceTerminal

/// Errors under the rows of a waterfall.
@Suite struct WaterfallErrorTests {
    private static let task: Int = {
        let trace = Samples.before.trace
        return trace.events.indices.first { trace.symbols.text(trace.events[$0].user) == "user-3" } ?? 0
    }()

    private func lines(_ errors: [ErrorDetails], _ options: TerminalOptions) -> [String] {
        var view = WaterfallView(Samples.before, options)
        view.errors = [Self.task: errors]
        return view.lines()
    }

    private func line(_ errors: [ErrorDetails], _ options: TerminalOptions) -> String? {
        lines(errors, options).first { $0.contains("CardDeclined") }
    }

    @Test("An error stands under its row, with its culprit and whether it was caught")
    func errorUnderItsRow() {
        let lines = lines([Pages.cardDeclined], TerminalOptions(width: 100))
        let place = lines.firstIndex { $0.hasPrefix("▾*user-3") } ?? 0
        #expect(lines[place + 1] == "  │ ✕ CardDeclined: card 4242 was declined · billing.charge · unhandled")
        let plain = WaterfallView(Samples.before, TerminalOptions(width: 100)).lines()
        #expect(lines.count == plain.count + 1)
    }

    @Test("Of several errors the first that nobody caught is told, and how many others there are")
    func severalErrors() {
        var handled = ErrorDetails()
        handled.message = "retried"
        handled.handled = true
        let line = line([handled, Pages.cardDeclined, handled], TerminalOptions(width: 100, ascii: true))
        #expect(line == "  | x CardDeclined: card 4242 was declined - billing.charge - unhandled  +2 more")
    }

    @Test("A long error is cut in its middle with a mark; what stands behind it stays", arguments: [40, 50, 60])
    func longErrorsAreCut(width: Int) {
        var error = Pages.cardDeclined
        error.message = String(repeating: "declined\n\tagain ", count: 10_000)
        let lines = lines([error, error], TerminalOptions(width: width))
        let line = lines.first { $0.contains("+1 more") } ?? ""
        #expect(line.hasSuffix(width < 60 ? " · …  +1 more" : " · unhandled  +1 more") && line.count == width)
        #expect(line.contains("✕ CardDec") && line.contains("…"))
        #expect(!line.contains("\\u{"))
    }

    @Test("No error line is wider than the waterfall or holds a character that is not safe", arguments: [20, 40, 80])
    func hostileErrors(width: Int) {
        for name in Samples.hostileNames {
            var error = ErrorDetails()
            error.type = name
            error.message = name
            error.culprit = name
            let lines = lines([error, error], TerminalOptions(width: width))
            #expect(lines.allSatisfy { SafeText($0).width <= width && SafeText($0).text == $0 })
        }
    }

    @Test("An error of which nothing is known is told all the same")
    func emptyError() {
        #expect(lines([ErrorDetails()], TerminalOptions(width: 80)).contains("  │ ✕ (no message)"))
    }

    @Test("Rows are counted without the lines of errors, and the events of those shown are known")
    func shownEvents() {
        let view = WaterfallView(Samples.before, TerminalOptions(width: 80, rows: .first(6)))
        let trace = Samples.before.trace
        #expect(view.shownEvents.count == 6 && view.shownEvents.first == trace.root)
        #expect(view.shownEvents.last == Self.task)
        #expect(WaterfallView(Samples.before, TerminalOptions(width: 80)).shownEvents.count == trace.events.count)
    }
}
