import TraceCompression

/// One run of as many tasks as wanted, made of a recorded one: its tasks over and over, one recording's length after
/// the other, with ids of their own, in the same trace and below the same root.
struct LargeRun: Sendable {
    private let recording: Recording
    /// The line of the root: a transaction without a parent.
    private let rootLine: Int
    private let root: UInt64
    private let trace: (high: UInt64, low: UInt64)
    /// µs from the first event's time to the last one's, and a second of rest.
    private let length: Int64
    /// Transactions besides the root: the tasks of one copy.
    let tasksPerCopy: Int

    init(_ recording: Recording) throws {
        self.recording = recording
        let parent = Array(#""parent_id""#.utf8)
        let transactions = (0..<recording.count).filter { recording[$0].starts(with: #"{"transaction""#.utf8) }
        let roots = transactions.filter { recording[$0].firstRange(of: parent) == nil }
        guard roots.count == 1, transactions.count > 1 else {
            throw Failure("a large run needs a recording of one run: one transaction without a parent, tasks below it")
        }
        var (ids, traces, times) = ([UInt64](), [(UInt64, UInt64)](), [Int64]())
        for line in 0..<recording.count {
            for change in recording.changes(in: line) {
                switch change.value {
                case .time(let time): times.append(time)
                case .id(let id) where line == roots[0]: ids.append(id)
                case .trace(let high, let low) where line == roots[0]: traces.append((high, low))
                default: break
                }
            }
        }
        guard let id = ids.first, let trace = traces.first, let first = times.min(), let last = times.max() else {
            throw Failure("the root of the recording has no id, no trace or no time")
        }
        (rootLine, root, self.trace, length) = (roots[0], id, trace, last - first + 1_000_000)
        tasksPerCopy = transactions.count - 1
    }

    /// Writes a recording of so many copies, in gzip; how many events it has.
    func write(copies: Int, to path: String) throws -> Int {
        guard let file = Platform.makeFile(path) else { throw Failure("cannot write \(path): \(Platform.lastError)") }
        defer { Platform.closeFile(file) }
        var events = 0
        // A member for each of some copies at a time: readers take all members of a file for one.
        for first in stride(from: 0, to: copies, by: Platform.cores) {
            let parts = try Parallel.map(min(Platform.cores, copies - first)) { thread in
                let copy = first + thread
                let lines = copy == 0 ? recording.metadata + rootLine(copies: copies) + lines(copy) : lines(copy)
                return try Deflater.gzip(lines, level: 1)
            }
            for part in parts where !Platform.writeAll(part, to: file) {
                throw Failure("cannot write \(path): \(Platform.lastError)")
            }
            events += parts.count * (recording.count - 1)
        }
        return events + 1
    }

    /// The lines of one copy, without the root's.
    func lines(_ copy: Int) -> [UInt8] {
        let renaming = Recording.Renaming(
            trace: (0, 0), span: Random.mix(UInt64(copy) &* 0x9E37_79B9_7F4A_7C15), keptID: root,
            shift: Int64(copy) * length)
        var lines: [UInt8] = []
        for range in [0..<rootLine, (rootLine + 1)..<recording.count] where !range.isEmpty {
            recording.add(range, renaming, to: &lines)
        }
        return lines
    }

    /// The root's line, with a duration that covers all copies.
    func rootLine(copies: Int) -> [UInt8] {
        let line = String(decoding: recording[rootLine], as: UTF8.self)
        let milliseconds = Int64(copies) * length / 1_000
        return Array(
            line.replacing(/"duration": ?[0-9.]+/, with: "\"duration\":\(milliseconds)", maxReplacements: 1).utf8)
    }
}
