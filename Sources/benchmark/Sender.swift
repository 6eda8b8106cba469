/// Sends request bodies as agents do, over several connections at the same time: each sends the next body when the last
/// one it sent is acknowledged.
struct Sender: Sendable {
    let port: Int
    let connections: Int

    /// How a sending went.
    struct Sent: Sendable {
        var events: Int
        /// From the first body to the last acknowledgement.
        var seconds: Double
        var acknowledgements: Latencies
    }

    /// Sends all of them; throws where one is not accepted whole.
    ///
    /// - Parameter rate: So many events a second. Each body has its time then, and its acknowledgement is measured from
    ///   that: one that has to wait for a connection is late, not left out. Without a rate, as fast as it goes.
    func send(_ file: RequestFile, rate: Double? = nil) throws -> Sent {
        guard let descriptor = Platform.openToRead(file.path) else {
            throw Failure("cannot read \(file.path): \(Platform.lastError)")
        }
        defer { Platform.closeFile(descriptor) }
        let times = rate.map { Self.times(of: file.requests, rate: $0) }
        let turn = Turn()
        let (port, requests) = (port, file.requests)
        let start = Platform.now()
        let latencies = try Parallel.map(connections) { _ in
            let connection = try HTTPConnection(port: port)
            var latencies: [Double] = []
            while true {
                let index = turn.take()
                guard index < requests.count else { return latencies }
                let request = requests[index]
                guard let body = Platform.bytes(of: descriptor, at: request.offset, count: request.size) else {
                    throw Failure("cannot read the bodies: \(Platform.lastError)")
                }
                let due = times.map { start + $0[index] }
                if let due { Platform.sleep(seconds: due - Platform.now()) }
                let begin = due ?? Platform.now()
                let answer = try connection.post(body)
                latencies.append(Platform.now() - begin)
                guard answer.status == 202 else {
                    throw Failure("a body was answered with \(answer.status): \(answer.text.prefix(500))")
                }
            }
        }
        return Sent(
            events: file.events, seconds: Platform.now() - start,
            acknowledgements: Latencies(latencies.flatMap { $0 }))
    }

    /// When each body is due, in seconds from the start.
    private static func times(of requests: [RequestFile.Request], rate: Double) -> [Double] {
        var events = 0
        return requests.map { request in
            defer { events += request.events }
            return Double(events) / rate
        }
    }
}

/// How long acknowledgements took.
struct Latencies: Sendable {
    private let sorted: [Double]

    /// Takes seconds.
    init(_ seconds: [Double]) { sorted = seconds.sorted() }

    /// The nearest-rank percentile, in milliseconds; 0 where there was none.
    func milliseconds(percentile: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let rank = Int((Double(sorted.count) * percentile / 100).rounded(.up))
        return sorted[min(max(rank, 1), sorted.count) - 1] * 1_000
    }
}
