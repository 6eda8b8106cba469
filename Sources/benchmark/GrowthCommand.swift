import ArgumentParser

/// `benchmark growth`.
struct GrowthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract: "Sends events to one `waitline serve`, step by step, and tells whether it becomes slower.",
        discussion: "The bodies of a step are made while nothing is measured.")

    @OptionGroup var measuring: MeasuringOptions
    @OptionGroup var load: LoadOptions

    @Option(help: "How many events in the end.")
    var events = Amount(20_000_000)

    @Option(help: "How many at a time.")
    var step = Amount(1_000_000)

    @Option(help: "Leave the database at this path, where nothing may be yet.")
    var keep: String?

    func run() throws {
        if let keep, Platform.fileExists(keep) { throw Failure("--keep: there is a \(keep) already") }
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        let database = keep ?? scratch.file("events.db")
        let program = try measuring.program
        let source = try load.source
        let server = try RunningServer(.waitline(program), database: database, scratch: scratch)
        defer { server.child.kill() }
        let sender = Sender(port: server.port, connections: load.connections)
        var steps: [GrowthReport.Step] = []
        var used = 0.0
        for first in stride(from: 0, to: events.count, by: step.count) {
            let end = min(first + step.count, events.count)
            let file = try RequestFile(source, first..<end, path: scratch.file("requests.bin"))
            let log = Trial.logWatch(of: database)
            let sent = Result { try sender.send(file) }
            let largestLog = log.stop()
            let usedNow = server.processorSeconds
            let step = GrowthReport.Step(
                stored: end, eventsPerCpuSecond: Double(file.events) / max(usedNow - used, 0.001),
                eventsPerSecond: Double(file.events) / (try sent.get().seconds),
                ackP99Ms: try sent.get().acknowledgements.milliseconds(percentile: 99),
                fileBytes: Platform.fileSize(database) ?? 0, largestLogBytes: largestLog)
            used = usedNow
            steps.append(step)
            progress(
                "\(Amount.text(end)) stored: \(Figure.whole(step.eventsPerCpuSecond)) events per CPU-second, "
                    + "\(Figure.whole(step.fileBytes / end)) B/event")
        }
        let ending = try server.stop()
        let size = try DatabaseSize.read(database, waitline: program, scratch: scratch)
        guard size.storedEvents == events.count else {
            throw Failure("\(events.count) events were sent, and \(size.storedEvents) are stored")
        }
        try measuring.report(
            GrowthReport(
                load: load.load, connections: load.connections, steps: steps, peakMemoryBytes: ending.peakMemory,
                databaseBytes: DatabaseSize.bytes(of: database), tableBytes: size.tableBytes))
    }
}
