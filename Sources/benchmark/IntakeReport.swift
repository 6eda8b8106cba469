/// How programs did with one load, over some rounds.
struct IntakeReport: Measurement {
    var load: LoadName
    var events: Int
    var bodies: Int
    var decodedBytes: Int
    var compressedBytes: Int
    var connections: Int
    var rounds: Int
    /// Our own first.
    var programs: [Program]

    struct Program: Encodable {
        var name: String
        var eventsPerCpuSecond: Spread
        /// By round, ours to its. Nil where it is not compared.
        var oursToIts: Spread?
        var eventsPerSecond: Spread
        /// Milliseconds. Nil for a program that acknowledges nothing.
        var ackP50Ms: Spread?
        var ackP99Ms: Spread?
        var ackMaxMs: Spread?
        var peakMemoryBytes: Spread
        var largestLogBytes: Spread
        var bytesPerEvent: Spread
        /// Of the last round.
        var tableBytes: [String: Int]

        /// - Parameter ours: What our own program did in the same rounds, to compare with.
        init(_ name: String, _ trials: [Trial], ours: [Trial]?) {
            func spread(_ figure: (Trial) -> Double) -> Spread { Spread(trials.map(figure)) ?? Spread(0) }
            func acknowledgement(_ percentile: Double) -> Spread? {
                Spread(trials.compactMap { $0.acknowledgements?.milliseconds(percentile: percentile) })
            }
            self.name = name
            eventsPerCpuSecond = spread(\.eventsPerProcessorSecond)
            oursToIts = ours.flatMap { ours in
                Spread(zip(ours, trials).map { $0.eventsPerProcessorSecond / $1.eventsPerProcessorSecond })
            }
            eventsPerSecond = spread(\.eventsPerSecond)
            (ackP50Ms, ackP99Ms, ackMaxMs) = (acknowledgement(50), acknowledgement(99), acknowledgement(100))
            peakMemoryBytes = spread { Double($0.peakMemory) }
            largestLogBytes = spread { Double($0.largestLog) }
            bytesPerEvent = spread(\.bytesPerEvent)
            tableBytes = trials.last?.tableBytes ?? [:]
        }
    }

    var text: String {
        func number(_ milliseconds: Double?) -> String { milliseconds.map(Figure.milliseconds) ?? "–" }
        var table = TextTable([
            "program", "events/CPU-s", "ours/its", "events/s", "ack p50 ms", "p99 ms", "max ms", "peak MiB", "WAL MiB",
            "B/event",
        ])
        for program in programs {
            table.add([
                program.name, program.eventsPerCpuSecond.text(Figure.whole), program.oursToIts.text(Figure.ratio),
                program.eventsPerSecond.text(Figure.whole), number(program.ackP50Ms?.median),
                program.ackP99Ms.text(Figure.milliseconds), number(program.ackMaxMs?.max),
                Figure.mebibytes(program.peakMemoryBytes.max), Figure.mebibytes(program.largestLogBytes.max),
                Figure.whole(program.bytesPerEvent.median),
            ])
        }
        let tables = programs.first.map { perEvent($0.tableBytes, events: events) } ?? ""
        return """
            intake: \(load.rawValue), \(Figure.whole(events)) events of \(Figure.whole(decodedBytes / events)) B, \
            \(Figure.whole(compressedBytes / events)) B compressed, in \(Figure.whole(bodies)) bodies; \
            \(connections) connections; \(rounds) rounds: median (least–most)
            CPU is the whole process's; of a server named with --against, from when it takes connections
            \(table.text)\(tables.isEmpty ? "" : "B/event by table: \(tables)\n")
            """
    }
}
