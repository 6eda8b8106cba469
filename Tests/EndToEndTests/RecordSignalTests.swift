import Foundation
import Testing

extension EndToEnd {
    /// `waitline record` and what interrupts it: signals and the terminal are its command's first.
    @Suite("Record: signals")
    struct RecordSignalTests {
        @Test func whatOurParentIgnored() throws {
            let sandbox = try Sandbox()
            let script = #"trap "" INT CHLD; exec "$0" record -- sh -c 'kill -INT $$; echo alive; exit 3'"#
            let outcome = try sandbox.run("/bin/sh", ["-c", script, Project.binary])
            #expect(outcome.ending == .exit(3))
            #expect(outcome.output == "alive\n")
        }

        @Test(arguments: [SIGTERM, SIGHUP])
        func signalsArePassedOn(_ signal: Int32) throws {
            let sandbox = try Sandbox()
            for (trap, status) in [("trap 'exit 7' TERM HUP; ", 7), ("", 128 + signal)] {
                let child = try sandbox.started(
                    "record", "--", "sh", "-c", "\(trap)echo ready; while :; do sleep 0.02; done")
                child.signal(signal)
                #expect(child.finish() == .exit(status))
            }
        }

        @Test func theKeyboardsSignalsAreTheCommands() throws {
            let sandbox = try Sandbox()
            let script = "trap 'echo heard' INT; echo ready; read line; echo $line"
            let child = try sandbox.started("record", "--", "sh", "-c", script, input: [])
            child.signal(SIGINT)
            #expect(child.finish() == .exit(1))
            #expect(String(decoding: child.output, as: UTF8.self) == "ready\n\n", "it went on")

            let arguments = try sandbox.sender(
                [SampleTrace.before.path], then: "print('ready', flush=True); time.sleep(60)")
            let sender = try sandbox.started(arguments)
            kill(-sender.processID, SIGINT)
            #expect(sender.finish() == .exit(130))
            let output = String(decoding: sender.output, as: UTF8.self)
            #expect(output.contains("3 tasks  1 run"), "what had come is reported: \(output)")
        }

        @Test func aSignalEndsTheWaitForWhatIsConnected() throws {
            let sandbox = try Sandbox()
            let then = """
                parent = os.getpid()
                if os.fork() > 0: os._exit(0)
                while os.getppid() == parent: time.sleep(0.01)
                time.sleep(0.3)
                print("ready", flush=True)
                os.close(1)
                os.close(2)
                connection.sock.recv(1)
                """
            let child = try sandbox.started(try sandbox.sender([SampleTrace.before.path], then: then))
            child.signal(SIGTERM)
            #expect(child.finish() == .exit(0))
            let errors = String(decoding: child.errors, as: UTF8.self)
            #expect(errors.contains("still connected"))
            #expect(String(decoding: child.output, as: UTF8.self).contains("3 tasks  1 run"))
        }

        @Test func theTerminalIsAsBefore() throws {
            let sandbox = try Sandbox()
            let outcome = try sandbox.waitline(
                "record", "--", "sh", "-c", "stty raw <&1; echo raw", output: .terminal(columns: 80))
            #expect(outcome.ending == .exit(1))
            let parts = outcome.output.split(separator: "waitline: ")
            #expect(parts.first == "raw\n", "the command had it as it wanted")
            #expect(parts.last?.hasSuffix("\r\n") == true, "\(outcome.output)")
        }
    }
}
