import Foundation
import Testing

extension EndToEnd {
    /// The whole way, with Elastic's own Python agent: what the program tells of a run is held against what the runner has
    /// measured itself.
    @Suite("A real agent's runs", .serialized)
    struct RealAgentTests {
        @Test(arguments: BillingRun.all)
        func waitAndWorkAreThoseOfTheRunnersClock(_ run: BillingRun) throws {
            guard let python = AgentPython.path else { return }
            var measured = try Measurement(of: run, python: python)
            print("real agent, \(run), first attempt: \(measured)")
            if !measured.isWithin(run.limit) {
                // The clock and the agent look at slightly different moments; a busy machine makes that long, once.
                measured = try Measurement(of: run, python: python)
                print("real agent, \(run), second attempt: \(measured)")
            }
            for (name, errors) in measured.errors {
                #expect(errors.median <= BillingRun.medianLimit, "\(name): \(measured)")
                #expect(errors.most <= run.limit, "\(name): \(measured)")
            }
            print("RAN: real agent, \(run)")
        }

        @Test func failuresAndErrorsArrive() throws {
            guard let python = AgentPython.path else { return }
            let sandbox = try Sandbox()
            let run = BillingRun(design: "semaphore", users: 20, slots: 5, scale: 0.1, failing: 5)
            _ = try run.record(python: python, in: sandbox)
            let stored = try #require(try sandbox.runs().runs.first)
            #expect(stored.failed == 5)
            #expect(stored.errors == 5)
            #expect(stored.transactions == 21)
            #expect(stored.spans == 100)
            let failed = try sandbox.report("latest", "--outcome", "failure")
            #expect(failed.tasks == 5)
            #expect(failed.overall.failed == 5)
            #expect(try sandbox.waterfall("latest").tasks.filter { $0.flags.contains("failed") }.count == 5)
        }

        @Test func aHeartbeatBesideTheRunIsTold() throws {
            guard let python = AgentPython.path else { return }
            let sandbox = try Sandbox()
            let run = BillingRun(design: "semaphore", users: 40, slots: 5, scale: 1, heartbeat: 0.05)
            _ = try run.record(python: python, in: sandbox)
            let outcome = try sandbox.waitline("waterfall", "latest", "--format", "json").succeeded()
            let background = try outcome.decoded(BackgroundAnswer.self).background
            let beat = try #require(background.first, "nothing ran beside it")
            #expect(background.count == 1 && beat.name == "heartbeat")
            // Of a run of some two seconds; on a busy machine fewer.
            #expect(beat.count >= 8)
            // How regular it is depends on the machine.
            print("RAN: real agent, heartbeat: \(beat)")
        }
    }
}

/// How far what is told is from the runner's clock, µs: for every user, and over them.
struct Measurement: CustomStringConvertible {
    struct Errors {
        private let sorted: [Int]
        var median: Int { sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2] }
        var most: Int { sorted.last ?? 0 }

        init(_ values: [Int]) { sorted = values.map { abs($0) }.sorted() }
    }

    let errors: [(name: String, errors: Errors)]

    func isWithin(_ limit: Int) -> Bool {
        errors.allSatisfy { $0.errors.median <= BillingRun.medianLimit && $0.errors.most <= limit }
    }

    var description: String {
        errors.map { "\($0.name) off by \($0.errors.median) µs in the median, \($0.errors.most) at most" }
            .joined(separator: "; ")
    }

    /// Records a run and reads it back. What has to be there whatever the clocks say is checked here.
    init(of run: BillingRun, python: String) throws {
        let sandbox = try Sandbox()
        let clock = try run.record(python: python, in: sandbox)
        let stored = try #require(try sandbox.runs().runs.first)
        #expect(stored.transactions == run.users + 1)
        #expect(stored.spans == 5 * run.users)
        #expect(stored.errors == 0)
        #expect(stored.tasks == run.users)
        #expect(stored.slots == run.slots)
        #expect(!stored.arriving)

        let waterfall = try sandbox.waterfall("latest")
        let report = try sandbox.report("latest", "--by", "user")
        let rows = Dictionary(grouping: waterfall.tasks) { $0.user ?? "" }
        #expect(Set(rows.keys) == Set(clock.map(\.user)))
        let opened = clock.map(\.openedUs).min() ?? 0
        var wait: [Int] = []
        var work: [Int] = []
        var delay: [Int] = []
        for user in clock {
            let row = try #require(rows[user.user]?.first, "no task of \(user.user)")
            let group = try #require(report.group(user.user), "no group of \(user.user)")
            let (waited, worked) = (try #require(row.waitUs), try #require(row.workUs))
            #expect(group.waitUs.sum == waited)
            #expect(group.workUs.sum == worked)
            wait.append(waited - (user.admittedUs - user.openedUs))
            work.append(worked - (user.finishedUs - user.admittedUs))
            delay.append(try #require(row.delayUs) - (user.openedUs - opened))
        }
        if run.design != "semaphore" { #expect(report.overall.waitUs.max == 0, "there is no wait to be told of") }
        errors = [("wait", Errors(wait)), ("work", Errors(work)), ("delay", Errors(delay))]
    }
}
