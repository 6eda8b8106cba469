import Testing

@testable import benchmark

struct ExecutionTests {
    @Test("A program that ends well is measured; its output is kept")
    func measured() throws {
        let scratch = try Scratch(in: nil)
        defer { scratch.remove() }
        let execution = try Execution(["/bin/sh", "-c", "echo yes"], as: "sh", scratch: scratch)
        #expect(execution.milliseconds > 0)
        #expect(execution.peakMemory > 100_000)
        #expect(Platform.contents(of: scratch.file("answer.txt")) == Array("yes\n".utf8))
    }

    @Test("A program that fails, or ends by a signal, gives no figures but what it said")
    func failing() throws {
        let scratch = try Scratch(in: nil)
        defer { scratch.remove() }
        let failure = #expect(throws: Failure.self) {
            try Execution(["/bin/sh", "-c", "echo no >&2; exit 3"], as: "sh", scratch: scratch)
        }
        #expect(failure?.description == "sh ended with 3; it said: no")
        let killed = #expect(throws: Failure.self) {
            try Execution(["/bin/sh", "-c", "kill -KILL $$"], as: "sh", scratch: scratch)
        }
        #expect(killed?.description == "sh ended by a signal; it said: nothing")
    }

    @Test("A program that is not there cannot be started")
    func missing() throws {
        let scratch = try Scratch(in: nil)
        defer { scratch.remove() }
        #expect(throws: Failure.self) { try Execution([scratch.file("nothing")], as: "nothing", scratch: scratch) }
    }

    @Test("The CPU of a program that computes is at most its time on one core, and more than none")
    func processorTime() throws {
        let scratch = try Scratch(in: nil)
        defer { scratch.remove() }
        let script = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"
        let execution = try Execution(["/bin/sh", "-c", script], as: "sh", scratch: scratch)
        #expect(execution.processorMilliseconds > 0)
        #expect(execution.processorMilliseconds <= execution.milliseconds + 10)
    }

    @Test("Threads give back what they found in order, and the failure of one is thrown")
    func parallel() throws {
        #expect(try Parallel.map(5) { $0 * $0 } == [0, 1, 4, 9, 16])
        #expect(throws: Failure.self) {
            try Parallel.map(3) { number in
                if number == 1 { throw Failure("one") }
                return number
            }
        }
    }
}
