import Testing

extension Sandbox {
    /// The arguments of `waitline` to record a small agent: it sends these files, saying so each time, and goes on as
    /// `then` tells it in Python.
    func sender(
        _ files: [String], then: String = "", options: [String] = [], encoding: String = "", status: Int = 202,
        says: String = "sent"
    ) throws -> [String] {
        let script = """
            import gzip, http.client, os, sys, time, urllib.parse, zlib
            server = urllib.parse.urlsplit(os.environ["ELASTIC_APM_SERVER_URL"])
            connection = http.client.HTTPConnection(server.hostname, server.port)
            connection.request("GET", "/")
            connection.getresponse().read()
            encode = {"gzip": gzip.compress, "deflate": zlib.compress}.get("\(encoding)", bytes)
            def send(path):
                headers = {"Content-Type": "application/x-ndjson"}
                if "\(encoding)": headers["Content-Encoding"] = "\(encoding)"
                connection.request("POST", "/intake/v2/events", encode(open(path, "rb").read()), headers)
                answer = connection.getresponse()
                assert answer.status == \(status), answer.read()
                answer.read()
                if "\(says)": print("\(says)", flush=True)
            for path in sys.argv[1:]: send(path)
            \(then)
            """
        let python = try #require(Project.tool("python3"))
        return ["record"] + options + ["--", python, try write("sender.py", script)] + files
    }

    /// Records that agent to its end.
    func record(
        _ options: [String] = [], sending files: [String], then: String = "", encoding: String = "",
        status: Int = 202, output: Spawn.Output = .pipes
    ) throws -> Outcome {
        let arguments = try sender(files, then: then, options: options, encoding: encoding, status: status)
        return try run(Project.binary, arguments, output: output)
    }

    /// `waitline` with these arguments, as soon as its command has said that it is ready.
    func started(_ arguments: String..., input: [UInt8] = []) throws -> ChildProcess {
        try started(arguments, input: input)
    }

    func started(_ arguments: [String], input: [UInt8] = []) throws -> ChildProcess {
        let child = try ChildProcess(Project.binary, arguments, environment: environment([:]), input: input)
        _ = child.pump(seconds: 30) { String(decoding: $0.output, as: UTF8.self).contains("ready") }
        try #require(String(decoding: child.output, as: UTF8.self).contains("ready"))
        return child
    }
}
