/// One program, given the same bodies as the others: what it did with them.
struct Trial {
    var events: Int
    var seconds: Double
    /// Of the whole process, its shutdown included.
    var processorSeconds: Double
    /// Nil for a program that acknowledges nothing.
    var acknowledgements: Latencies?
    /// Bytes.
    var peakMemory: Int
    /// Bytes of the database, after the program ended.
    var databaseBytes: Int
    /// Bytes of the write-ahead log, when it was largest.
    var largestLog: Int
    /// Bytes by table; where our own program wrote the database.
    var tableBytes: [String: Int] = [:]

    var eventsPerSecond: Double { Double(events) / seconds }
    var eventsPerProcessorSecond: Double { Double(events) / max(processorSeconds, 0.001) }
    var bytesPerEvent: Double { Double(databaseBytes) / Double(events) }

    /// Gives the bodies to a program that begins with an empty database.
    static func run(
        _ contender: Contender, _ file: RequestFile, connections: Int, rate: Double?, folder: String?
    ) throws -> Trial {
        let scratch = try Scratch(in: folder)
        defer { scratch.remove() }
        let database = scratch.file("events.db")
        if case .reader(let template) = contender {
            return try read(file, database: database, name: contender.name, template, scratch)
        }
        let server = try RunningServer(contender, database: database, scratch: scratch)
        defer { server.child.kill() }
        let log = logWatch(of: database)
        let sent = Result { try Sender(port: server.port, connections: connections).send(file, rate: rate) }
        let largestLog = log.stop()
        let ending = try server.stop()
        var trial = Trial(
            events: file.events, seconds: try sent.get().seconds, processorSeconds: ending.processorSeconds,
            acknowledgements: try sent.get().acknowledgements, peakMemory: ending.peakMemory,
            databaseBytes: DatabaseSize.bytes(of: database), largestLog: largestLog)
        if case .waitline(let program) = contender {
            let size = try DatabaseSize.read(database, waitline: program, scratch: scratch)
            guard size.storedEvents == file.events else {
                throw Failure("\(file.events) events were sent, and \(size.storedEvents) are stored")
            }
            trial.tableBytes = size.tableBytes
        }
        return trial
    }

    private static func read(
        _ file: RequestFile, database: String, name: String, _ template: CommandTemplate, _ scratch: Scratch
    ) throws -> Trial {
        let arguments = try template.arguments(["db": database, "requests": file.path])
        let start = Platform.now()
        let child = try ChildProcess(arguments, errors: scratch.file("reader-errors.txt"))
        defer { child.kill() }
        let log = logWatch(of: database)
        let ending = try child.succeed(as: name)
        return Trial(
            events: file.events, seconds: Platform.now() - start, processorSeconds: ending.processorSeconds,
            peakMemory: ending.peakMemory, databaseBytes: DatabaseSize.bytes(of: database), largestLog: log.stop())
    }

    /// Looks at the size of a database's write-ahead log.
    static func logWatch(of database: String) -> Watch {
        Watch(every: 0.05) { Platform.fileSize(database + "-wal") ?? 0 }
    }
}
