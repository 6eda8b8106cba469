import ArgumentParser

/// `benchmark concurrency`.
struct ConcurrencyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "concurrency",
        abstract: "Asks for reports in a loop while events come in at full load, in turn with the intake alone.")

    @OptionGroup var measuring: MeasuringOptions
    @OptionGroup var load: LoadOptions

    @Option(help: "How many events.")
    var events = Amount(500_000)

    @Option(help: "How many ask at the same time.")
    var readers = 8

    @Option(help: "How often, alone and with readers.")
    var rounds = Rounds(3)

    func validate() throws {
        guard (1...100).contains(readers) else { throw ValidationError("--readers takes a number from 1 to 100.") }
    }

    func run() throws {
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        // There has to be something to ask for, before anything is measured.
        let before = max(1, events.count / 20)
        let source = try load.source
        let first = try RequestFile(source, 0..<before, path: scratch.file("first.bin"))
        let rest = try RequestFile(source, before..<(before + events.count), path: scratch.file("requests.bin"))
        var alone: [ConcurrencyTrial] = []
        var together: [ConcurrencyTrial] = []
        for round in 1...rounds.count {
            alone.append(try trial(first, rest, readers: 0))
            together.append(try trial(first, rest, readers: readers))
            progress(
                "round \(round) of \(rounds.count): alone \(Figure.whole(alone[round - 1].eventsPerProcessorSecond)) "
                    + "events per CPU-second, with \(readers) readers "
                    + Figure.whole(together[round - 1].eventsPerProcessorSecond))
        }
        try measuring.report(
            ConcurrencyReport(
                load: load.load, events: events.count, connections: load.connections, rounds: rounds.count,
                readers: readers, alone: alone, together: together))
    }

    private func trial(_ first: RequestFile, _ rest: RequestFile, readers: Int) throws -> ConcurrencyTrial {
        try ConcurrencyTrial.run(
            program: measuring.program, first, rest, connections: load.connections, readers: readers,
            folder: measuring.folder)
    }
}
