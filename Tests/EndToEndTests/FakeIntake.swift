import Foundation
import Testing

/// Another program that speaks HTTP where an intake is looked for.
final class FakeIntake {
    let url: String
    private let child: ChildProcess

    /// - Parameters:
    ///   - port: Where it listens; 0 picks one.
    ///   - root: What it answers to `GET /`.
    ///   - status: Of the answer to a post, which it gives after `delay` seconds. 0 closes every connection at once.
    init(
        _ sandbox: Sandbox, port: UInt16 = 0, root: String = #"{"version":"8.19.0"}"#, status: Int = 202,
        answer: String = "",
        delay: Double = 0
    ) throws {
        let script = """
            import http.server, sys, time
            root, answer = sys.argv[1:3]
            status, port, delay = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
            class Handler(http.server.BaseHTTPRequestHandler):
                def answer(self, status, text):
                    body = text.encode()
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def do_GET(self):
                    if status: self.answer(200, root)
                def do_POST(self):
                    self.rfile.read(int(self.headers["Content-Length"]))
                    time.sleep(delay)
                    self.answer(status, answer)
                def log_message(self, *arguments): pass
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """
        let python = try #require(Project.tool("python3"))
        child = try ChildProcess(
            python, ["-c", script, root, answer, "\(status)", "\(port)", "\(delay)"],
            environment: sandbox.environment([:]))
        _ = child.pump(seconds: 60) { $0.output.contains(UInt8(ascii: "\n")) }
        let port = try #require(UInt16(String(decoding: child.output.dropLast(), as: UTF8.self)))
        url = "http://127.0.0.1:\(port)"
    }

    deinit {
        child.signal(SIGKILL)
        _ = child.finish(seconds: 60)
    }
}
