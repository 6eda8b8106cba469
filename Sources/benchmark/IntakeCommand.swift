import ArgumentParser

/// `benchmark intake`.
struct IntakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Sends events to `waitline serve`, and gives the same to references in turn with it.",
        discussion: """
            A reference is a command: {db} stands for the path of its database, and {port} for the port it is to \
            listen on, as in --against 'python3 baseline.py {db} {port} FULL'. One without a port gets {requests}, a \
            file of request bodies: lengths compressed and decoded, each four bytes, least first; then the gzip bytes.
            """)

    @OptionGroup var measuring: MeasuringOptions
    @OptionGroup var load: LoadOptions

    @Option(help: "How many events.")
    var events = Amount(200_000)

    @Option(help: "How often each program is measured.")
    var rounds = Rounds(3)

    @Option(help: "A reference, by its command; repeatable.", transform: Contender.init(reference:))
    var against: [Contender] = []

    @Option(help: "Then sends at this rate as often: so many events a second, or half, of the median reached before.")
    var rate: Rate?

    /// A rate to send at.
    enum Rate: ExpressibleByArgument {
        case half
        case events(Int)

        init?(argument: String) {
            if argument == "half" {
                self = .half
            } else if let amount = Amount(argument: argument) {
                self = .events(amount.count)
            } else {
                return nil
            }
        }
    }

    func run() throws {
        let contenders = [Contender.waitline(try measuring.program)] + against
        let scratch = try Scratch(in: measuring.folder)
        defer { scratch.remove() }
        let file = try RequestFile(load.source, 0..<events.count, path: scratch.file("requests.bin"))
        func trial(_ contender: Contender, rate: Double? = nil) throws -> Trial {
            try Trial.run(contender, file, connections: load.connections, rate: rate, folder: measuring.folder)
        }
        var trials = contenders.map { _ in [Trial]() }
        for round in 1...rounds.count {
            for (index, contender) in contenders.enumerated() {
                let trial = try trial(contender)
                trials[index].append(trial)
                progress(
                    "round \(round) of \(rounds.count): \(contender.name) "
                        + "\(Figure.whole(trial.eventsPerProcessorSecond)) events per CPU-second")
            }
        }
        var programs = zip(contenders, trials).enumerated().map { index, program in
            IntakeReport.Program(program.0.name, program.1, ours: index == 0 ? nil : trials[0])
        }
        if let rate {
            let top = programs[0].eventsPerSecond.median
            let perSecond = if case .events(let count) = rate { Double(count) } else { top / 2 }
            let paced = try (0..<rounds.count).map { _ in try trial(contenders[0], rate: perSecond) }
            programs.append(IntakeReport.Program("waitline at \(Figure.whole(perSecond))/s", paced, ours: nil))
        }
        try measuring.report(
            IntakeReport(
                load: load.load, events: events.count, bodies: file.requests.count,
                decodedBytes: file.decodedBytes, compressedBytes: file.compressedBytes,
                connections: load.connections, rounds: rounds.count, programs: programs))
    }
}

/// How often something is measured.
struct Rounds: ExpressibleByArgument {
    let count: Int

    init(_ count: Int) { self.count = count }

    init?(argument: String) {
        guard let count = Int(argument), (1...1_000).contains(count) else { return nil }
        self.count = count
    }

    var defaultValueDescription: String { "\(count)" }
}
