import Foundation

/// How time and memory grow with the size of one run.
struct ScaleReport: Measurement {
    /// What is run for each size, in this order.
    static let commands = ["import", "waterfall", "report"]

    var rounds: Int
    /// The smallest first.
    var sizes: [Size]

    struct Size: Encodable {
        var tasks: Int
        var events: Int
        /// In the order of `ScaleReport.commands`.
        var commands: [ExecutionSpread]
    }

    /// The power of the size by which a figure grows from one size to another; nil where they are the same.
    static func power(_ figures: (Double, Double), sizes: (Int, Int)) -> Double? {
        guard sizes.0 != sizes.1, figures.0 > 0, figures.1 > 0 else { return nil }
        return log(figures.1 / figures.0) / log(Double(sizes.1) / Double(sizes.0))
    }

    var text: String {
        var table = TextTable(["command", "tasks", "events", "ms", "CPU ms", "power", "peak MiB", "power"])
        for (index, name) in Self.commands.enumerated() {
            for (place, size) in sizes.enumerated() {
                let (figures, before) = (size.commands[index], place > 0 ? sizes[place - 1] : nil)
                func power(_ figure: (ExecutionSpread) -> Double) -> String {
                    let power = before.flatMap { before in
                        Self.power(
                            (figure(before.commands[index]), figure(figures)), sizes: (before.events, size.events))
                    }
                    return power.map(Figure.ratio) ?? "–"
                }
                table.add([
                    name, Figure.whole(size.tasks), Figure.whole(size.events),
                    figures.wallMs.text(Figure.milliseconds), figures.cpuMs.text(Figure.milliseconds),
                    power { $0.cpuMs.median }, Figure.mebibytes(figures.peakMemoryBytes.max),
                    power { $0.peakMemoryBytes.median },
                ])
            }
        }
        return """
            scale: one run, imported and asked for; \(rounds) rounds: median (least–most); \
            power of the size by which CPU and memory grow
            \(table.text)
            """
    }
}
