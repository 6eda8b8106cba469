import TestSupport
import Testing
import TraceCore

@testable import TraceStorage

@Suite("Ages while clocks are wrong")
struct RetentionClockTests {
    private let day: Int64 = 86_400_000_000
    private let year: Int64 = 365 * 86_400_000_000
    /// Some day.
    private let now: Int64 = 1_795_000_000_000_000

    @Test("a clock that goes is believed, corrections by seconds too")
    func steady() {
        var clock = RetentionClock(clock: now, passed: 0, lastRequest: now - day / 2)
        for step in 1...100 as ClosedRange<Int64> {
            let drift: Int64 = step % 7 == 0 ? 5_000_000 : 0
            #expect(clock.time(clock: now + step * day + drift, passed: step * day) == now + step * day + drift)
            #expect(!clock.isDoubted)
        }
    }

    @Test("one that jumps ahead is believed after a day, one that jumps back at once")
    func jumps() {
        var clock = RetentionClock(clock: now, passed: 0, lastRequest: now)
        let hour = day / 24
        #expect(clock.time(clock: now + hour, passed: hour) == now + hour)
        #expect(clock.time(clock: now + year, passed: 2 * hour) == now + 2 * hour)
        #expect(clock.isDoubted)
        #expect(clock.time(clock: now + year + 20 * hour, passed: 22 * hour) == now + 22 * hour)
        // Back, and ahead again: it begins anew.
        #expect(clock.time(clock: now + 23 * hour, passed: 23 * hour) == now + 23 * hour)
        #expect(!clock.isDoubted)
        #expect(clock.time(clock: now + year, passed: 24 * hour) == now + 24 * hour)
        #expect(clock.time(clock: now + year + 23 * hour, passed: 47 * hour) == now + 47 * hour)
        #expect(clock.time(clock: now + year + 24 * hour, passed: 48 * hour) == now + year + 24 * hour)
        #expect(!clock.isDoubted)
        #expect(clock.time(clock: now - year, passed: 49 * hour) == now - year)
        #expect(!clock.isDoubted)
    }

    @Test("one that is far ahead of the last request when it begins is believed after a day")
    func beginning() {
        var clock = RetentionClock(clock: now + year, passed: 7, lastRequest: now)
        #expect(clock.time(clock: now + year, passed: 7) == now)
        #expect(clock.time(clock: now + year + day / 2, passed: 7 + day / 2) == now + day / 2)
        #expect(clock.time(clock: now + year + day, passed: 7 + day) == now + year + day)
        var empty = RetentionClock(clock: now, passed: 0, lastRequest: nil)
        #expect(empty.time(clock: now, passed: 0) == now)
        var future = RetentionClock(clock: now, passed: 0, lastRequest: now + year)
        #expect(future.time(clock: now, passed: 0) == now)
    }

    /// Runs named by the day they came on, and what is kept of them after each day with its clock.
    private func kept(
        _ clockErrors: [Int64], keeping days: Int64, restartsOn restart: Int? = nil
    ) async throws -> [Set<Int>] {
        let database = try TemporaryDatabase()
        var writer = try database.writer()
        var keeper = try RetentionKeeper(writer, path: database.path, clock: now + clockErrors[0])
        var began: Int64 = 0
        var kept: [Set<Int>] = []
        for (number, error) in clockErrors.enumerated() {
            if number == restart {
                await writer.close()
                writer = try database.writer()
                began = Int64(number) * day
                keeper = try RetentionKeeper(writer, path: database.path, clock: now + began + error)
            }
            let time = now + Int64(number) * day
            _ = await writer.store(EventBatch.run("\(number)").delivery(at: time + error))
            // A clock is wrong for an hour, then right again.
            for (offset, clock) in [(0, time + error), (day / 24, time + day / 24)] {
                _ = try await keeper.sweep(
                    keeping: days * day, clock: clock, passed: Int64(number) * day + offset - began)
            }
            kept.append(Set(try database.runs().compactMap { Int($0.trace.text) }))
        }
        #expect(try TraceReader(path: database.path).read { $0.integrityProblems() } == [])
        await writer.close()
        return kept
    }

    @Test("with a clock that is right each run goes when it is older")
    func right() async throws {
        let kept = try await kept(Array(repeating: 0, count: 14), keeping: 3, restartsOn: 8)
        for (day, runs) in kept.enumerated() {
            #expect(runs == Set(max(0, day - 2)...day), "day \(day)")
        }
    }

    @Test(
        "a year ahead or behind for an hour, nothing recent goes, and what is old goes all the same",
        arguments: [1, -1])
    func wrong(sign: Int64) async throws {
        var errors = [Int64](repeating: 0, count: 14)
        for day in [0, 5, 9] { errors[day] = sign * year }
        let kept = try await kept(errors, keeping: 3, restartsOn: 7)
        for (day, runs) in kept.enumerated() {
            #expect(runs.isSuperset(of: Set(max(0, day - 2)...day)), "day \(day)")
        }
        #expect(try #require(kept.last) == Set(11...13))
    }
}
