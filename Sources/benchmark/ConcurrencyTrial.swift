import Synchronization

/// The intake at full load, while some ask.
struct ConcurrencyTrial {
    var events: Int
    var seconds: Double
    /// Of the server, while events were sent.
    var processorSeconds: Double
    var ackP99Ms: Double
    /// Bytes of the write-ahead log, when it was largest.
    var largestLog: Int
    /// How long answers took, in milliseconds.
    var answers: [Double]
    /// What went wrong with those that did not come.
    var failures: [String]

    var eventsPerSecond: Double { Double(events) / seconds }
    var eventsPerProcessorSecond: Double { Double(events) / max(processorSeconds, 0.001) }

    private static let questions = [["report", "latest"], ["report", "all", "--by", "user"]]

    /// Sends the bodies of one file, and then measures the sending of another.
    static func run(
        program: String, _ first: RequestFile, _ rest: RequestFile, connections: Int, readers: Int, folder: String?
    ) throws -> ConcurrencyTrial {
        let scratch = try Scratch(in: folder)
        defer { scratch.remove() }
        let database = scratch.file("events.db")
        let server = try RunningServer(.waitline(program), database: database, scratch: scratch)
        defer { server.child.kill() }
        let sender = Sender(port: server.port, connections: connections)
        _ = try sender.send(first)
        let asking = Asking()
        let log = Trial.logWatch(of: database)
        let before = server.processorSeconds
        // The last thread sends; the others ask until it has.
        let results = try Parallel.map(readers + 1) { thread in
            guard thread == readers else {
                asking.ask(program, questions[thread % questions.count], database, scratch, reader: thread)
                return nil as (sent: Sender.Sent, processorSeconds: Double)?
            }
            defer { asking.end() }
            return (try sender.send(rest), server.processorSeconds - before)
        }
        let largestLog = log.stop()
        _ = try server.stop()
        guard let (sent, processorSeconds) = results[readers] else { throw Failure("nothing was sent") }
        let (answers, failures) = asking.results
        return ConcurrencyTrial(
            events: sent.events, seconds: sent.seconds, processorSeconds: processorSeconds,
            ackP99Ms: sent.acknowledgements.milliseconds(percentile: 99), largestLog: largestLog, answers: answers,
            failures: failures)
    }
}

/// Several that ask the same database for reports, until there is nothing more to wait for.
private final class Asking: Sendable {
    private let isOver = Atomic(false)
    private let all = Mutex((answers: [Double](), failures: [String]()))

    func end() { isOver.store(true, ordering: .relaxed) }

    var results: (answers: [Double], failures: [String]) { all.withLock { $0 } }

    /// Asks one question again and again.
    func ask(_ program: String, _ question: [String], _ database: String, _ scratch: Scratch, reader: Int) {
        let name = "waitline \(question.joined(separator: " "))"
        while !isOver.load(ordering: .relaxed) {
            let result = Result {
                try Execution(
                    [program] + question + ["--database", database], as: name, scratch: scratch,
                    files: "reader-\(reader)")
            }
            all.withLock { all in
                switch result {
                case .success(let execution): all.answers.append(execution.milliseconds)
                case .failure(let failure): all.failures.append("\(failure)")
                }
            }
        }
    }
}
