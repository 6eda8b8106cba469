import ArgumentParser
import TraceServer

/// Who may send, and how much.
struct AccessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file of secret tokens, one a line; lines that begin with # do not count. Whoever shows one may send.",
            valueName: "file"),
        completion: .file())
    var secretTokenFile: String?

    @Option(
        help: ArgumentHelp("A file of API keys, ID:KEY, one a line, likewise.", valueName: "file"), completion: .file())
    var apiKeyFile: String?

    @Option(
        name: .customLong("secret-token"),
        help: ArgumentHelp(
            """
            A secret token, which `ps` shows to everyone: rather use the file, or $WAITLINE_SECRET_TOKEN (several are \
            parted by commas).
            """,
            valueName: "token"))
    var secretTokens: [String] = []

    @Option(
        name: .customLong("api-key"),
        help: ArgumentHelp(
            """
            An API key, which `ps` shows to everyone: rather use the file, or $WAITLINE_API_KEY (several are parted by \
            commas).
            """,
            valueName: "id:key"))
    var apiKeys: [String] = []

    @Flag(help: "Let anyone send who reaches an address beyond this machine.")
    var allowAnonymous = false

    @Option(
        help: ArgumentHelp(
            """
            Events a second that one address may send without a credential, thrice as many at once; 0 is no limit. \
            Default: \(Access.standardRate) with --allow-anonymous, else none.
            """,
            valueName: "events"))
    var rateLimit: Int?

    func validate() throws {
        if let rateLimit, !(0...1_000_000_000).contains(rateLimit) {
            throw ValidationError("--rate-limit takes a number of events from 0 to 1000000000.")
        }
    }

    /// What they come to, at an address to listen on. Throws where that would let in whom nobody meant to.
    func access(at address: ServerAddress) throws(CommandFailure) -> Access {
        var access = Access()
        try readCredentials(into: &access)
        if access.credentials.isEmpty {
            guard address.isLoopback || allowAnonymous else {
                throw CommandFailure(
                    .usage,
                    "\(address) can be reached from other machines, and no credential is asked for: set "
                        + "WAITLINE_SECRET_TOKEN, give --secret-token-file or --api-key-file, listen on 127.0.0.1, "
                        + "or let anyone send with --allow-anonymous")
            }
        } else if allowAnonymous || rateLimit != nil {
            throw CommandFailure(
                .usage,
                "\(allowAnonymous ? "--allow-anonymous" : "--rate-limit") is for a server that asks for no credential, "
                    + "and there are some: leave out one or the other")
        }
        let rate = rateLimit ?? (allowAnonymous ? Access.standardRate : 0)
        if rate > 0 { access.rateLimit = IntakeConfiguration.RateLimit(eventsPerSecond: rate) }
        return access
    }

    private func readCredentials(into access: inout Access) throws(CommandFailure) {
        try access.add(secretTokens: Self.variable("WAITLINE_SECRET_TOKEN"), from: "WAITLINE_SECRET_TOKEN")
        try access.add(apiKeys: Self.variable("WAITLINE_API_KEY"), from: "WAITLINE_API_KEY")
        if let path = secretTokenFile {
            let file = try CredentialFile(path)
            try access.add(secretTokens: file.lines, from: path)
            access.warnings += file.warnings
        }
        if let path = apiKeyFile {
            let file = try CredentialFile(path)
            try access.add(apiKeys: file.lines, from: path)
            access.warnings += file.warnings
        }
        try access.add(secretTokens: secretTokens[...], from: "--secret-token")
        try access.add(apiKeys: apiKeys[...], from: "--api-key")
        if !secretTokens.isEmpty {
            access.warnings.append("`ps` shows a --secret-token to everyone: rather use --secret-token-file")
        }
        if !apiKeys.isEmpty { access.warnings.append("`ps` shows an --api-key to everyone: rather use --api-key-file") }
    }

    /// The secret token that a command sends which is told of none: the first of the variable's.
    static var ownSecretToken: String? { variable("WAITLINE_SECRET_TOKEN").first { !$0.isEmpty } }

    private static func variable(_ name: String) -> ArraySlice<String> {
        guard let value = Platform.environment[name] else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map { entry in
            String(entry.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }[...]
    }
}

/// Who is let in, and what is to be said about that.
struct Access {
    /// Events a second of one address where anyone may send: what a busy service has, not what a flood is.
    static let standardRate = 1_000

    private(set) var credentials = Credentials()
    var rateLimit: IntakeConfiguration.RateLimit?
    /// For the log, once it is known that there is a server.
    var warnings: [String] = []

    mutating func add(secretTokens: ArraySlice<String>, from source: String) throws(CommandFailure) {
        for token in secretTokens {
            do throws(CredentialError) {
                try credentials.addSecretToken(token)
            } catch {
                throw Self.failure(error, source)
            }
        }
    }

    mutating func add(apiKeys: ArraySlice<String>, from source: String) throws(CommandFailure) {
        for key in apiKeys {
            do throws(CredentialError) {
                try credentials.addAPIKey(key)
            } catch {
                throw Self.failure(error, source)
            }
        }
    }

    private static func failure(_ error: CredentialError, _ source: String) -> CommandFailure {
        CommandFailure(.usage, "\(source): \(error): mend it or leave it out")
    }
}
