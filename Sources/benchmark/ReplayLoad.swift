/// A recorded trace, run after run: every run an hour after the one before it, with ids of its own. The first is the
/// recording itself.
struct ReplayLoad: Load {
    private let recording: Recording

    /// Runs are so far apart, in µs.
    private static let runDistance: Int64 = 3_600_000_000

    init(recording: Recording) { self.recording = recording }

    var metadata: [UInt8] { recording.metadata }

    func bodyLength(from first: Int) -> Int {
        recording.lines(from: first % recording.count, bytes: RequestFile.usualSize)
    }

    func lines(_ events: Range<Int>) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(RequestFile.usualSize + 65_536)
        var first = events.lowerBound
        while first < events.upperBound {
            let (run, line) = first.quotientAndRemainder(dividingBy: recording.count)
            let count = min(events.upperBound - first, recording.count - line)
            recording.add(line..<(line + count), Self.renaming(run), to: &lines)
            first += count
        }
        return lines
    }

    /// Mixing gives different words for different runs, so that no two runs have the same id of one event.
    private static func renaming(_ run: Int) -> Recording.Renaming {
        let low = Random.mix(UInt64(run) &* 0x9E37_79B9_7F4A_7C15)
        return Recording.Renaming(trace: (Random.mix(low), low), span: low, shift: Int64(run) * runDistance)
    }
}
