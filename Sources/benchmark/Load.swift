import ArgumentParser

/// Events to be sent, numbered from 0. Which they are depends on their numbers alone, so that any stretch of them can
/// be made by itself, and twice the same.
protocol Load: Sendable {
    /// The line that begins a body, with its line feed.
    var metadata: [UInt8] { get }

    /// How many events, from that number on, make a body of the size that agents send.
    func bodyLength(from first: Int) -> Int

    /// The lines of some events, each with its line feed.
    func lines(_ events: Range<Int>) -> [UInt8]
}

extension Load {
    /// The events of each body, for a stretch of them.
    func bodies(_ events: Range<Int>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var first = events.lowerBound
        while first < events.upperBound {
            let end = min(first + bodyLength(from: first), events.upperBound)
            ranges.append(first..<end)
            first = end
        }
        return ranges
    }
}

/// Which load.
enum LoadName: String, ExpressibleByArgument, CaseIterable, Encodable {
    /// A sample trace, over and over, with other ids and times.
    case replay
    /// A web shop's requests, each a trace of its own.
    case shop
    /// The same, all in one trace.
    case wide
}
