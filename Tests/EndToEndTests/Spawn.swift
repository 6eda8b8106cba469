import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Starts programs, in a process group of their own.
enum Spawn {
    /// Where a child's standard output and error go.
    enum Output {
        case pipes
        case terminal(columns: Int)
    }

    /// A child, and our ends of its input and output.
    struct Started {
        var processID: pid_t
        var input: Int32
        var output: Int32
        /// Nil on a terminal, where errors come among the output.
        var errors: Int32?
    }

    /// One at a time: between its making and its being marked as ours alone, a descriptor would leak into whatever is
    /// started then.
    private static let turn = Mutex(())

    static func run(
        _ program: String, _ arguments: [String], environment: [String: String], output: Output
    ) throws -> Started {
        try turn.withLock { _ in
            let input = try Descriptors.pipe()
            let out: (read: Int32, write: Int32)
            var errors: (read: Int32, write: Int32)?
            switch output {
            case .pipes:
                out = try Descriptors.pipe()
                errors = try Descriptors.pipe()
            case .terminal(let columns):
                let terminal = try Descriptors.terminal(columns: columns)
                out = (terminal.controller, terminal.device)
            }
            let ends = [input.read, out.write, errors?.write ?? out.write]
            defer { for end in Set(ends) { Descriptors.close(end) } }
            let processID = try start(program, arguments, environment: environment, descriptors: ends)
            return Started(processID: processID, input: input.write, output: out.read, errors: errors?.read)
        }
    }

    /// Starts a program whose descriptors 0, 1, 2 are those given.
    private static func start(
        _ program: String, _ arguments: [String], environment: [String: String], descriptors: [Int32]
    ) throws -> pid_t {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        // The tests ignore broken pipes; a child has to find the signal as a shell would give it.
        ignoreBrokenPipes
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETPGROUP))

        var processID: pid_t = 0
        let code = withCStrings([program] + arguments) { arguments in
            withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                posix_spawn(&processID, program, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw SystemError("cannot start \(program)", code) }
        return processID
    }

    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
