/// What it costs to store more, the more is stored.
struct GrowthReport: Measurement {
    var load: LoadName
    var connections: Int
    var steps: [Step]
    var peakMemoryBytes: Int
    /// When the server had ended.
    var databaseBytes: Int
    var tableBytes: [String: Int]
    /// The last step's events per CPU-second to the first one's.
    var lastToFirst: Double

    struct Step: Encodable {
        /// Events stored at its end.
        var stored: Int
        var eventsPerCpuSecond: Double
        var eventsPerSecond: Double
        var ackP99Ms: Double
        /// Of the database at its end, without what is in its log.
        var fileBytes: Int
        var largestLogBytes: Int
    }

    init(
        load: LoadName, connections: Int, steps: [Step], peakMemoryBytes: Int, databaseBytes: Int,
        tableBytes: [String: Int]
    ) {
        (self.load, self.connections, self.steps) = (load, connections, steps)
        (self.peakMemoryBytes, self.databaseBytes, self.tableBytes) = (peakMemoryBytes, databaseBytes, tableBytes)
        let first = steps.first?.eventsPerCpuSecond ?? 1
        lastToFirst = (steps.last?.eventsPerCpuSecond ?? first) / first
    }

    var text: String {
        var table = TextTable([
            "stored", "events/CPU-s", "to the first", "events/s", "ack p99 ms", "WAL MiB", "B/event",
        ])
        for step in steps {
            table.add([
                Amount.text(step.stored), Figure.whole(step.eventsPerCpuSecond),
                Figure.ratio(step.eventsPerCpuSecond / steps[0].eventsPerCpuSecond),
                Figure.whole(step.eventsPerSecond), Figure.milliseconds(step.ackP99Ms),
                Figure.mebibytes(Double(step.largestLogBytes)), Figure.whole(step.fileBytes / step.stored),
            ])
        }
        let stored = steps.last?.stored ?? 1
        return """
            growth: \(load.rawValue), \(connections) connections; one round
            \(table.text)last step to the first: \(Figure.ratio(lastToFirst)); \
            peak memory \(Figure.mebibytes(Double(peakMemoryBytes))) MiB; \
            in the end \(Figure.decimal(Double(databaseBytes) / Double(stored), 1)) B/event
            B/event by table: \(perEvent(tableBytes, events: stored))

            """
    }
}
