/// What a command cost as a whole process.
struct Execution {
    var milliseconds: Double
    var processorMilliseconds: Double
    /// Bytes.
    var peakMemory: Int

    /// Runs a program to its end; throws where that is not in good order. What it says goes to files with that name.
    init(_ arguments: [String], as name: String, scratch: Scratch, files: String = "answer") throws {
        let start = Platform.now()
        let child = try ChildProcess(
            arguments, output: scratch.file("\(files).txt"), errors: scratch.file("\(files)-errors.txt"))
        defer { child.kill() }
        let ending = try child.succeed(as: name)
        milliseconds = (Platform.now() - start) * 1_000
        (processorMilliseconds, peakMemory) = (ending.processorSeconds * 1_000, ending.peakMemory)
    }
}

/// The same, over some rounds.
struct ExecutionSpread: Encodable {
    var wallMs: Spread
    var cpuMs: Spread
    var peakMemoryBytes: Spread

    init(_ executions: [Execution]) {
        func spread(_ figure: (Execution) -> Double) -> Spread { Spread(executions.map(figure)) ?? Spread(0) }
        (wallMs, cpuMs) = (spread(\.milliseconds), spread(\.processorMilliseconds))
        peakMemoryBytes = spread { Double($0.peakMemory) }
    }
}
