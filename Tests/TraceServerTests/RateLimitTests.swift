import Testing
import TraceCore

@testable import TraceServer

@Suite(.timeLimit(.minutes(10)))
struct RateLimitTests {
    private let start = ContinuousClock.now
    private let one = ClientAddress([10, 0, 0, 1])
    private let other = ClientAddress([10, 0, 0, 2])

    private func limit(_ rate: Int, addresses: Int = 1_000) -> IntakeConfiguration.RateLimit {
        var limit = IntakeConfiguration.RateLimit(eventsPerSecond: rate)
        limit.addresses = addresses
        return limit
    }

    @Test func `three seconds' worth may come at once, then as much as a second brings`() {
        let limiter = RateLimiter(limit(10))
        for _ in 0..<30 { #expect(limiter.secondsToWait(one, at: start) == nil) }
        #expect(limiter.secondsToWait(one, at: start) == 1)
        #expect(limiter.secondsToWait(one, at: start + .milliseconds(50)) == 1)
        for _ in 0..<10 { #expect(limiter.secondsToWait(one, at: start + .seconds(1)) == nil) }
        #expect(limiter.secondsToWait(one, at: start + .seconds(1)) == 1)
        // However long nothing comes, no more than that is saved up.
        for _ in 0..<30 { #expect(limiter.secondsToWait(one, at: start + .seconds(10_000)) == nil) }
        #expect(limiter.secondsToWait(one, at: start + .seconds(10_000)) == 1)
    }

    @Test func `what a request brought is waited for by the next`() {
        let limiter = RateLimiter(limit(10))
        #expect(limiter.secondsToWait(one, at: start) == nil)
        limiter.charge(130, to: one, at: start)
        #expect(limiter.secondsToWait(one, at: start) == 11)
        #expect(limiter.secondsToWait(one, at: start + .seconds(10)) == 1)
        #expect(limiter.secondsToWait(one, at: start + .milliseconds(10_101)) == nil)
        limiter.charge(.max, to: one, at: start + .seconds(11))
        #expect(limiter.secondsToWait(one, at: start + .seconds(12)) == 3_600)
    }

    @Test func `an address does not pay for another`() {
        let limiter = RateLimiter(limit(1))
        limiter.charge(1_000, to: one, at: start)
        #expect(limiter.secondsToWait(one, at: start) != nil)
        #expect(limiter.secondsToWait(other, at: start) == nil)
    }

    @Test func `a clock that goes back gives nothing and takes nothing`() {
        let limiter = RateLimiter(limit(1))
        for _ in 0..<3 { #expect(limiter.secondsToWait(one, at: start) == nil) }
        #expect(limiter.secondsToWait(one, at: start - .seconds(100)) != nil)
        #expect(limiter.secondsToWait(one, at: start + .seconds(1)) == nil)
    }

    @Test func `many addresses take no more memory than those remembered, and one that goes on is not forgotten`() {
        let limiter = RateLimiter(limit(1, addresses: 100))
        limiter.charge(1_000_000, to: one, at: start)
        for number in 0..<20_000 {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            _ = limiter.secondsToWait(ClientAddress(bytes + [UInt8](repeating: 1, count: 12)), at: start)
            if number % 40 == 0 { #expect(limiter.secondsToWait(one, at: start) != nil) }
        }
        #expect(limiter.count <= 100)
    }

    @Test func `an IPv6 network is one address`() {
        let network: [UInt8] = [0x20, 1, 0xD, 0xB8, 0, 0, 0, 1]
        let hosts = [[UInt8](repeating: 0, count: 8), [UInt8](repeating: 255, count: 8)]
        #expect(ClientAddress(network + hosts[0]) == ClientAddress(network + hosts[1]))
        #expect(ClientAddress(network.dropLast() + [2] + hosts[0]) != ClientAddress(network + hosts[0]))
        #expect(ClientAddress([0, 0, 0, 1]) != ClientAddress([UInt8](repeating: 0, count: 7) + [1] + hosts[0]))
    }

    @Test func `beyond the limit events are refused as the intake refuses, and counted as lost`() async throws {
        try await RunningServer.run {
            $0.rateLimit = IntakeConfiguration.RateLimit(eventsPerSecond: 1)
        } _: { server in
            let body = Streams.errors(600)
            let post = "POST /intake/v2/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let first = try server.connect()
            try await first.send(post)
            #expect(try await first.readAnswer().status == 202)
            let second = try server.connect()
            try await second.send(post)
            let refused = try await second.readAnswer()
            #expect(refused.status == 429)
            #expect(refused.body == "{\"accepted\":0,\"errors\":[{\"message\":\"rate limit exceeded\"}]}\n")
            #expect(refused.headers["retry-after"].flatMap { Int($0) }.map { (300...600).contains($0) } == true)
            #expect(try await second.readToEnd() == "")
            #expect(await server.sink.deliveries.count == 1)
            let lost = await server.sink.losses.entries
            #expect(lost.map(\.reason) == ["rate limit exceeded"])
            #expect(lost.map(\.count) == [1])
            let config = try await server.client().get("/config/v1/agents?service.name=x")
            #expect(config.status == 429)
            #expect(config.text == "{\"error\":\"rate limit exceeded\"}\n")
            // Who watches the server is not kept from it, and neither is who asks what it is.
            for path in ["/", "/healthz", "/metrics"] {
                #expect(try await server.client().get(path).status == 200)
            }
        }
    }

    @Test func `rejected lines count as events, and without a limit nothing does`() async throws {
        for rate in [1, nil] {
            try await RunningServer.run {
                $0.rateLimit = rate.map { IntakeConfiguration.RateLimit(eventsPerSecond: $0) }
            } _: { server in
                let body = Array((Streams.metadata + "\n" + String(repeating: "x\n", count: 200)).utf8)
                #expect(try await server.client().post("/intake/v2/events", body: body).status == 400)
                let next = try await server.client().post("/intake/v2/events", body: Array(Streams.errors(1).utf8))
                #expect(next.status == (rate == nil ? 202 : 429))
            }
        }
    }
}
