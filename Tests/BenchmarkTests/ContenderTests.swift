import Testing

@testable import benchmark

struct ContenderTests {
    @Test("A reference with a port is a server, one with a file of requests reads it")
    func kinds() throws {
        guard case .server(let server) = try Contender(reference: "python3 /opt/baseline.py {db} {port} FULL") else {
            Issue.record("it is sent bodies")
            return
        }
        #expect(server.name == "python3 baseline.py")
        #expect(
            try server.arguments(["db": "/var/a.db", "port": "81"])
                == ["/bin/sh", "-c", "exec python3 /opt/baseline.py /var/a.db 81 FULL"])
        guard case .reader(let reader) = try Contender(reference: "./limit pipe {requests} {db} FULL all uniq") else {
            Issue.record("it reads bodies")
            return
        }
        #expect(reader.name == "limit pipe")
    }

    @Test(
        "A command that is told no database, or neither or both of port and requests, is refused",
        arguments: ["server {port}", "server {db}", "server {db} {port} {requests}", ""])
    func refused(command: String) {
        #expect(throws: Failure.self) { try Contender(reference: command) }
    }

    @Test(
        "A value that a shell would take apart does not get into a command",
        arguments: ["/a b", "/a;b", "/$(b)", "/a'b"])
    func shell(value: String) {
        #expect(throws: Failure.self) { try CommandTemplate("run {db}").arguments(["db": value]) }
    }

    @Test("An answer is whole when as many bytes have come as it says, and no sooner")
    func answers() throws {
        let text = "HTTP/1.1 202 Accepted\r\nContent-type: text/plain\r\ncontent-length: 3\r\n\r\nyes"
        #expect(try HTTPConnection.answer(in: Array(text.utf8)) == .init(status: 202, text: "yes"))
        for count in [0, 10, text.utf8.count - 4, text.utf8.count - 1] {
            #expect(try HTTPConnection.answer(in: Array(text.utf8.prefix(count))) == nil)
        }
    }

    @Test(
        "What is no HTTP, or does not tell its length, is refused",
        arguments: [
            "SSH-2.0 x\r\n\r\n", "HTTP/1.1 no\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        ])
    func badAnswers(text: String) {
        #expect(throws: Failure.self) { try HTTPConnection.answer(in: Array(text.utf8)) }
    }

    @Test("A failure quotes a program without its control characters")
    func failures() {
        #expect(Failure("it said \u{1B}[31mno\n").description == "it said  [31mno ")
    }
}
