/// What answers cost: each command as a whole process.
struct ReadsReport: Measurement {
    var events: Int
    var runs: Int
    var commands: [Command]

    struct Command: Encodable {
        var name: String
        var rounds: Int
        var cold: ExecutionSpread
        var warm: ExecutionSpread
        /// By round, its time when warm to that of the first reference. Nil where there is none.
        var toReference: Spread?

        init(_ name: String, _ cold: [Execution], _ warm: [Execution], _ reference: [Execution]?) {
            (self.name, rounds) = (name, cold.count)
            (self.cold, self.warm) = (ExecutionSpread(cold), ExecutionSpread(warm))
            toReference = reference.flatMap { reference in
                Spread(zip(warm, reference).map { $0.milliseconds / $1.milliseconds })
            }
        }
    }

    var text: String {
        let isCompared = commands.contains { $0.toReference != nil }
        var table = TextTable(
            ["command", "cold ms", "cold CPU ms", "warm ms", "warm CPU ms", "peak MiB", "rounds"]
                + (isCompared ? ["to the reference"] : []))
        for command in commands {
            table.add(
                [
                    command.name, command.cold.wallMs.text(Figure.milliseconds),
                    Figure.milliseconds(command.cold.cpuMs.median), command.warm.wallMs.text(Figure.milliseconds),
                    Figure.milliseconds(command.warm.cpuMs.median),
                    Figure.mebibytes(command.warm.peakMemoryBytes.max), "\(command.rounds)",
                ] + (isCompared ? [command.toReference.text(Figure.ratio)] : []))
        }
        return """
            reads: \(Figure.whole(events)) events in \(Figure.whole(runs)) runs; median (least–most)
            \(table.text)
            """
    }
}
