import Synchronization

/// Holds every address to so many events a second: a bucket of tokens for each, an event takes one.
///
/// What a request brings is known when it was read, so it is let in where there is a token, and what it brought is
/// taken afterwards: the bucket may fall below nothing, and the address waits until it is filled again.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: ContinuousClock.Instant
    }

    /// The addresses of late and, when they are as many as are remembered, those before them: the ones that nothing
    /// came from for longest are forgotten, a generation at a time.
    private struct Buckets {
        var young: [ClientAddress: Bucket] = [:]
        var old: [ClientAddress: Bucket] = [:]
    }

    private let limit: IntakeConfiguration.RateLimit
    private let buckets = Mutex(Buckets())

    init(_ limit: IntakeConfiguration.RateLimit) { self.limit = limit }

    /// Lets a request in and takes a token for it; else the seconds until there is one.
    func secondsToWait(_ address: ClientAddress, at now: ContinuousClock.Instant) -> Int? {
        change(address, at: now) { tokens in
            if tokens >= 1 {
                tokens -= 1
                return nil
            }
            return Int(min((1 - tokens) / Double(limit.eventsPerSecond), 3_599)) + 1
        }
    }

    /// Takes tokens for what a request brought beside the one that it was let in with.
    func charge(_ events: Int, to address: ClientAddress, at now: ContinuousClock.Instant) {
        guard events > 1 else { return }
        change(address, at: now) { $0 -= Double(events - 1) }
    }

    /// How many addresses are remembered.
    var count: Int { buckets.withLock { $0.young.count + $0.old.count } }

    private func change<Result>(
        _ address: ClientAddress, at now: ContinuousClock.Instant, _ body: (inout Double) -> Result
    ) -> Result where Result: Sendable {
        buckets.withLock { buckets in
            let full = Double(limit.eventsPerSecond) * limit.burst
            var bucket =
                buckets.young[address] ?? buckets.old.removeValue(forKey: address) ?? Bucket(tokens: full, time: now)
            if now > bucket.time {
                let seconds = bucket.time.duration(to: now) / .seconds(1)
                bucket.tokens = min(full, bucket.tokens + Double(limit.eventsPerSecond) * seconds)
                bucket.time = now
            }
            let result = body(&bucket.tokens)
            if buckets.young[address] == nil, buckets.young.count >= limit.addresses / 2 {
                buckets.old = buckets.young
                buckets.young = [:]
            }
            buckets.young[address] = bucket
            return result
        }
    }
}
