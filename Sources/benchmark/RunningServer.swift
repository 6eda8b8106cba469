/// A server under test, ready to be sent bodies.
struct RunningServer: Sendable {
    let child: ChildProcess
    let port: Int
    private let name: String
    private let isOurs: Bool
    /// What of its seconds of CPU does not count. Of our own all do; of another, what it had used when it was ready: a
    /// language that starts slowly is not what we compare with.
    private let startProcessorSeconds: Double

    /// Starts it on a free port, and waits until it takes connections.
    init(_ contender: Contender, database: String, scratch: Scratch) throws {
        guard let port = Platform.freePort() else { throw Failure("no free port: \(Platform.lastError)") }
        let arguments: [String]
        switch contender {
        case .waitline(let program):
            arguments = [program, "serve", "--listen", "127.0.0.1:\(port)", "--database", database]
            isOurs = true
        case .server(let template):
            arguments = try template.arguments(["db": database, "port": "\(port)"])
            isOurs = false
        case .reader:
            throw Failure("\(contender.name) is no server: it cannot be sent anything")
        }
        let child = try ChildProcess(arguments, errors: scratch.file("server-errors.txt"))
        (self.child, self.port, name) = (child, port, contender.name)
        let end = Platform.now() + 30
        while !Self.accepts(port: port) {
            guard child.ending() == nil else { throw Failure("\(name) ended at once; it said: \(child.said)") }
            guard Platform.now() < end else {
                child.kill()
                throw Failure("\(name) was not ready within 30 s; it said: \(child.said)")
            }
            Platform.sleep(seconds: 0.005)
        }
        startProcessorSeconds = isOurs ? 0 : Platform.processorSeconds(of: child.processID)
    }

    private static func accepts(port: Int) -> Bool {
        guard let socket = Platform.connect(port: port, patience: 1) else { return false }
        Platform.closeFile(socket)
        return true
    }

    /// Seconds of CPU so far.
    var processorSeconds: Double { Platform.processorSeconds(of: child.processID) - startProcessorSeconds }

    /// Ends it; throws where our own does not end in good order.
    func stop() throws -> Platform.Ending {
        child.terminate()
        var ending = isOurs ? try child.succeed(as: name) : try child.end()
        ending.processorSeconds -= startProcessorSeconds
        return ending
    }
}
