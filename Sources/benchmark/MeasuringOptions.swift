import ArgumentParser

/// What every measurement is told.
struct MeasuringOptions: ParsableArguments {
    @Option(help: "The program to be measured. Default: the waitline beside this program.")
    var waitline: String?

    @Option(help: "Where databases and bodies are made. Default: the folder of temporary files.")
    var folder: String?

    @Option(help: "text or json.")
    var format: ReportFormat = .text

    /// The path of the program to be measured.
    var program: String {
        get throws {
            let path = try waitline ?? "\(Self.programFolder)/waitline"
            guard Platform.fileExists(path) else {
                throw Failure("there is no \(path): build it in the same configuration, or name it with --waitline")
            }
            return path
        }
    }

    /// Prints what was measured.
    func report(_ result: some Measurement) throws {
        let scratch = try Scratch(in: folder)
        defer { scratch.remove() }
        let output = scratch.file("version.txt")
        let child = try ChildProcess(
            [program, "--version"], output: output, errors: scratch.file("version-errors.txt"))
        _ = try child.succeed(as: "waitline --version")
        let version = String(decoding: Platform.contents(of: output) ?? [], as: UTF8.self).split(separator: "\n")
        // Builds of one version differ: the fingerprint tells which of them this was.
        let fingerprint = String(try Platform.fingerprint(of: program) ?? 0, radix: 16)
        try Report(result, program: "waitline \(version.first ?? "") (binary \(fingerprint))").print(format)
    }

    static var programFolder: Substring {
        get throws {
            guard let path = Platform.programPath, let slash = path.lastIndex(of: "/") else {
                throw Failure("cannot tell where this program lies")
            }
            return path[..<slash]
        }
    }
}

/// What is sent, and how.
struct LoadOptions: ParsableArguments {
    @Option(
        help: """
            What is sent. replay: a recorded run, over and over, with other ids and times. shop: a web shop's requests, \
            each a trace of its own. wide: the same, all in one trace.
            """)
    var load = LoadName.replay

    @Option(help: "The recording that replay is made of. Default: the sample trace of the package.")
    var trace: String?

    @Option(help: "The seed of shop and wide.")
    var seed: UInt64 = 1

    @Option(help: "Connections that send at the same time.")
    var connections = 4

    func validate() throws {
        guard (1...1_000).contains(connections) else {
            throw ValidationError("--connections takes a number from 1 to 1000.")
        }
    }

    /// The load itself.
    var source: any Load {
        get throws {
            switch load {
            case .replay: try ReplayLoad(recording: Recording(path: trace ?? Recording.sample))
            case .shop: ShopLoad(seed: seed)
            case .wide: ShopLoad(seed: seed, isOneTrace: true)
            }
        }
    }
}
