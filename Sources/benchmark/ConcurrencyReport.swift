/// The intake at full load, alone and while others ask.
struct ConcurrencyReport: Measurement {
    var load: LoadName
    var events: Int
    var connections: Int
    var rounds: Int
    var readers: Int
    var alone: Side
    var together: Side
    /// By round, with readers to alone.
    var cpuRatio: Spread
    var wallRatio: Spread

    struct Side: Encodable {
        var eventsPerCpuSecond: Spread
        var eventsPerSecond: Spread
        var ackP99Ms: Spread
        var largestLogBytes: Spread
        var answers: Int
        /// Milliseconds. Nil where nobody asked.
        var answerMs: Spread?
        /// What went wrong, of all rounds.
        var failures: [String]

        init(_ trials: [ConcurrencyTrial]) {
            func spread(_ figure: (ConcurrencyTrial) -> Double) -> Spread { Spread(trials.map(figure)) ?? Spread(0) }
            eventsPerCpuSecond = spread(\.eventsPerProcessorSecond)
            eventsPerSecond = spread(\.eventsPerSecond)
            ackP99Ms = spread(\.ackP99Ms)
            largestLogBytes = spread { Double($0.largestLog) }
            let times = trials.flatMap(\.answers)
            (answers, answerMs, failures) = (times.count, Spread(times), trials.flatMap(\.failures))
        }
    }

    init(
        load: LoadName, events: Int, connections: Int, rounds: Int, readers: Int, alone: [ConcurrencyTrial],
        together: [ConcurrencyTrial]
    ) {
        (self.load, self.events, self.connections) = (load, events, connections)
        (self.rounds, self.readers) = (rounds, readers)
        (self.alone, self.together) = (Side(alone), Side(together))
        func ratio(_ figure: (ConcurrencyTrial) -> Double) -> Spread {
            Spread(zip(together, alone).map { figure($0) / figure($1) }) ?? Spread(1)
        }
        cpuRatio = ratio(\.eventsPerProcessorSecond)
        wallRatio = ratio(\.eventsPerSecond)
    }

    var text: String {
        var table = TextTable([
            "intake", "events/CPU-s", "events/s", "ack p99 ms", "WAL MiB", "answers", "answer ms", "failed",
        ])
        for (name, side) in [("alone", alone), ("with \(readers) readers", together)] {
            table.add([
                name, side.eventsPerCpuSecond.text(Figure.whole), side.eventsPerSecond.text(Figure.whole),
                side.ackP99Ms.text(Figure.milliseconds), side.largestLogBytes.text(Figure.mebibytes),
                "\(side.answers)", side.answerMs.text(Figure.milliseconds), "\(side.failures.count)",
            ])
        }
        let failure = together.failures.first.map { "the first that failed: \($0)\n" } ?? ""
        return """
            concurrency: \(load.rawValue), \(Figure.whole(events)) events; \(connections) connections; \
            \(rounds) rounds: median (least–most)
            \(table.text)with readers to alone: \(cpuRatio.text(Figure.ratio)) by CPU, \
            \(wallRatio.text(Figure.ratio)) by the clock, on cores that all of them share
            \(failure)
            """
    }
}
