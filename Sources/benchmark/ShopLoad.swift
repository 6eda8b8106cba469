/// A web shop's requests: each a transaction with a random trace id and up to sixty spans, as the agents of a busy
/// service with many users would send them.
struct ShopLoad: Load {
    let seed: UInt64
    /// Whether all requests are of one trace, of the sort that a service has which runs for days and is traced as one.
    var isOneTrace = false
    let metadata = Array(ShopVocabulary.metadata.utf8)

    /// Events are about 820 bytes long.
    private static let eventsPerBody = 915
    /// µs since the epoch: when the first request comes; the mean time from one event to the next.
    private static let firstTime = 1_780_000_000_000_000
    private static let eventDistance = 290

    func bodyLength(from first: Int) -> Int { Self.eventsPerBody }

    func lines(_ events: Range<Int>) -> [UInt8] {
        var writer = ShopWriter(
            random: Random(seed: seed, part: events.lowerBound),
            time: Self.firstTime + events.lowerBound * Self.eventDistance,
            root: isOneTrace ? Random.mix(seed &+ 1) | 1 : nil)
        var left = events.count
        while left > 0 { left -= writer.addRequest(atMost: left) }
        return writer.text.bytes
    }
}
