import ArgumentParser
import TraceCore
import TraceExport
import TraceTerminal

struct WhatIfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-if",
        abstract: "Replays one run with other numbers of slots: how long it would take, and who would wait.",
        discussion: """
            The run's largest group is served again, in the same order, by as many slots as asked for. It is assumed \
            that slot times do not grow with more slots. The recorded number of slots is replayed too: where that \
            misses what was recorded by more than 10 %, the figures are marked unreliable. The knee is the smallest \
            number of slots with a makespan within 5 % of the shortest there can be; enough are those of which twice \
            as many save less than a tenth of the recorded makespan. Where tasks were started at a rate, or took over from one \
            another without one number of slots that fits, there is no answer.

            Example:
              waitline what-if latest --slots 10,50,100
            """)

    @Argument(
        help: ArgumentHelp(
            "The run: the beginning of a trace id, latest, latest~1, label:KEY=VALUE, or an NDJSON file.",
            valueName: "run"),
        completion: .file())
    var selection = "latest"

    @Option(help: ArgumentHelp("Numbers of slots, with commas.", valueName: "list"))
    var slots = "1,2,5,10,25,50,100"

    @Option(help: "The group of this name instead of the largest.")
    var name: String?

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var inference: InferenceOptions

    @Option(help: "How the answer is written.")
    var format: OutputFormat = .text

    @OptionGroup var drawing: DrawingOptions

    /// More are no table that anybody reads.
    private static let mostNumbers = 100

    func run() throws {
        let now = Platform.now()
        let slots = try numbers()
        let settings = try inference.settings()
        var source = RunSource(
            selector: try Selector([selection], now: now, clock: .local), databasePath: database.path, now: now)
        let newest = try source.newest()
        let analysis = TraceAnalysis(newest.trace, settings: settings)
        let group = try group(of: analysis)
        guard let replay = SlotReplay(group, of: analysis) else {
            let reason = LineText.noReplay(group, ascii: drawing.terminal.ascii) ?? "it shows no slots"
            throw CommandFailure(.no, "run \(newest.trace.id.text.prefix(8)) has no other number of slots: \(reason)")
        }
        switch format {
        case .json: try StandardOutput.write(WhatIfJSON.text(replay, slots: slots, trace: newest.trace.id))
        case .text:
            let run = WhatIfView.Run(
                trace: newest.trace.id, inference: settings.inference, isArriving: newest.isArriving)
            try StandardOutput.write(WhatIfView(replay, slots: slots, of: run, drawing.terminal).lines())
        }
        try source.reportProblems()
    }

    /// The numbers of slots asked for, in that order.
    private func numbers() throws(CommandFailure) -> [Int] {
        let parts = slots.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= Self.mostNumbers else {
            throw CommandFailure(.usage, "--slots takes at most \(Self.mostNumbers) numbers, not \(parts.count)")
        }
        return try parts.map { part throws(CommandFailure) in
            guard part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }), let number = Int(part),
                number > 0
            else {
                throw CommandFailure(.usage, "--slots takes numbers from 1 on, several with commas, not `\(part)`")
            }
            return number
        }
    }

    private func group(of analysis: TraceAnalysis) throws(CommandFailure) -> TaskGroup {
        let run = "run \(analysis.trace.id.text.prefix(8))"
        guard let name else {
            if let largest = analysis.largestGroup { return largest }
            throw CommandFailure(
                .no, "\(run) has no group: no two of its tasks share a parent transaction, so it shows no slots")
        }
        if let named = analysis.largestGroup(named: name) { return named }
        let names = Set(analysis.groups.compactMap { analysis.trace.symbols.text($0.name) }).sorted()
        let some = names.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
        let has = names.isEmpty ? "it has none" : "it has \(some)\(names.count > 3 ? ", …" : "")"
        throw CommandFailure(.no, "\(run) has no group of the name `\(name)`: \(has)")
    }
}
