import TraceCompression
import TraceCore
import TraceServer
import TraceStorage

/// One check of an intake: a marked run goes the way of an agent's, and is looked for where it has to be then.
struct IntakeCheck {
    enum Step: String, CaseIterable {
        /// `GET /`, which agents ask first.
        case greet
        case send
        case read
    }

    /// How a step went that did not fail.
    enum Finding {
        case done(String)
        /// It could not be taken, and nobody asked that it be.
        case skipped(String)
    }

    let address: ServerAddress
    let secretToken: String?
    let databasePath: String
    /// Whether the run has to be found in that database; if not, it is looked for where the server is known to hold it.
    let mustRead: Bool
    let run: MarkedRun

    /// Takes a step; what was wrong is a `CommandFailure` or an error that means one.
    func take(_ step: Step, timeLeft: Duration) async throws -> Finding {
        let client = IntakeClient(address: address, secretToken: secretToken, timeout: timeLeft)
        let finding: Finding
        do {
            switch step {
            case .greet: finding = try await greet(client)
            case .send: finding = try await send(client)
            case .read: finding = try read()
            }
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        return finding
    }

    private func greet(_ client: IntakeClient) async throws -> Finding {
        let answer = try await client.get("/", headers: Self.headers)
        guard answer.status == 200 else { throw refused("GET /", answer) }
        guard !answer.body.isEmpty else {
            let advice = "put its secret token in WAITLINE_SECRET_TOKEN or name a file with --secret-token-file"
            throw CommandFailure(.no, "\(address) does not accept this credential: \(advice)")
        }
        guard let version = answer.intakeVersion else {
            throw CommandFailure(.no, "\(address) is not an intake: its answer to GET / names no version")
        }
        let text = "\(version.major).\(version.minor).\(version.patch)"
        guard version >= Self.oldestVersion else {
            throw CommandFailure(.no, "\(address) says it is version \(text), and agents want 8.7.1 or later")
        }
        return .done("GET / names version \(text)")
    }

    /// What of agents asks for the latest (source: "Endpoints" of the intake's protocol).
    private static let oldestVersion = (major: 8, minor: 7, patch: 1)

    private static let headers = [(name: "User-Agent", value: "\(MarkedRun.service)/\(Version.text)")]

    private func send(_ client: IntakeClient) async throws -> Finding {
        let headers =
            Self.headers + [
                (name: "Content-Type", value: "application/x-ndjson"), (name: "Content-Encoding", value: "gzip"),
            ]
        let path = "/intake/v2/events?verbose"
        let answer = try await client.post(path, headers: headers, body: try Deflater.gzip(run.lines))
        guard answer.status == 202 else { throw refused("the marked run", answer) }
        guard let accepted = answer.acceptedEvents else {
            throw CommandFailure(.no, "\(address) answered 202 and did not say how many events it accepted")
        }
        guard accepted == run.count else {
            throw CommandFailure(.no, "\(address) accepted \(accepted) of \(run.count) events")
        }
        return .done("\(accepted) events accepted (202), trace \(run.trace)")
    }

    /// What to say of an answer that is not the one it has to be: its status, and the beginning of its text.
    private func refused(_ what: String, _ answer: ClientResponse) -> CommandFailure {
        let text = answer.text.prefix(200).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return CommandFailure(
            .no, "\(address) answered \(answer.status) to \(what)" + (text.isEmpty ? "" : ": \(text)"))
    }

    /// An acknowledged run is stored, so it has to be there at once.
    private func read() throws -> Finding {
        let holder = DatabaseHolder.address(ofDatabase: databasePath)
        let isServers = holder.flatMap { ServerAddress($0) }?.isReached(at: address) ?? false
        guard mustRead || isServers else {
            return .skipped("not read back: \(databasePath) is not known to be the database of \(address)")
        }
        let trace = try TraceReader(path: databasePath).read { snapshot in
            try snapshot.runs(.tracePrefix(run.trace)).first.map { try snapshot.trace($0) }
        }
        guard let trace else {
            let isHeld = DatabaseHolder.isHeld(database: databasePath)
            // A server that was killed left its address behind, and another now listens there.
            if !mustRead, !isHeld { return .skipped("not read back: no server holds \(databasePath)") }
            let whose = !isHeld ? "which no server holds" : "which \(holder ?? "another Waitline") holds"
            throw CommandFailure(
                .no, "\(address) acknowledged the run \(run.trace): it is not in \(databasePath), \(whose)")
        }
        if let difference = run.difference(from: trace) {
            throw CommandFailure(.no, "the run \(run.trace) in \(databasePath) is not as it was sent: \(difference)")
        }
        return .done("\(run.count) events read back from \(databasePath)")
    }
}

extension ServerAddress {
    /// Whether who connects to `other` reaches the server that listens here, as far as their texts tell.
    fileprivate func isReached(at other: ServerAddress) -> Bool {
        guard port == other.port else { return false }
        let listensToAll = host == "0.0.0.0" || host == "::"
        return host == other.host || ((isOnThisMachine || listensToAll) && other.isOnThisMachine)
    }

    private var isOnThisMachine: Bool { host == "localhost" || host.hasPrefix("127.") || host == "::1" }
}
