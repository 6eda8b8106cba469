import TraceCompression

/// A recorded trace that is copied with other ids and times.
///
/// It is cut once: where ids and times stand in it is kept. A stretch of its lines is then copied, and what is to differ
/// is written over.
struct Recording: Sendable {
    /// The line of metadata that begins it, with its line feed.
    let metadata: [UInt8]
    /// The other lines, and where each begins; at last the end.
    private let text: [UInt8]
    private let starts: [Int]
    /// What is written over, in order.
    private let changes: [RecordingChange]
    /// By line: the number of the first of its changes; at last how many there are.
    private let firstChanges: [Int]

    /// How a copy differs.
    struct Renaming {
        /// What the words of ids are combined with (exclusive or), so that different ids stay different.
        var trace: (high: UInt64, low: UInt64)
        var span: UInt64
        /// The id of a transaction or span that stays as it is.
        var keptID: UInt64?
        /// µs.
        var shift: Int64
    }

    /// Reads a recording, plain or gzip.
    init(path: String) throws {
        guard let file = Platform.contents(of: path) else {
            throw Failure("cannot read the recording \(path): \(Platform.lastError)")
        }
        let format = file.withUnsafeBytes { CompressionFormat.sniff($0) }
        do {
            try self.init(format == .gzip ? try BodyReader.read(0..<Int.max, of: file, .gzip) : file)
        } catch let error as CompressionError {
            throw Failure("cannot read the recording \(path): \(error.message)")
        }
    }

    /// Takes its bytes.
    init(_ bytes: [UInt8]) throws {
        var metadata: [UInt8] = []
        var (text, starts, changes, firstChanges) = ([UInt8](), [0], [RecordingChange](), [0])
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: #"{"metadata""#.utf8) {
                if metadata.isEmpty { metadata = line + [UInt8(ascii: "\n")] }
                continue
            }
            changes += RecordingChange.all(in: line, at: text.count)
            text += line
            text.append(UInt8(ascii: "\n"))
            starts.append(text.count)
            firstChanges.append(changes.count)
        }
        guard !metadata.isEmpty, starts.count > 1 else {
            throw Failure("what is to be replayed is no recording: it needs a line of metadata, and events")
        }
        (self.metadata, self.text, self.starts) = (metadata, text, starts)
        (self.changes, self.firstChanges) = (changes, firstChanges)
    }

    /// How many lines there are besides the metadata's: each is an event.
    var count: Int { starts.count - 1 }

    /// A line as it was recorded, with its line feed.
    subscript(line: Int) -> ArraySlice<UInt8> { text[starts[line]..<starts[line + 1]] }

    /// The places of a line that differ from copy to copy.
    func changes(in line: Int) -> ArraySlice<RecordingChange> { changes[firstChanges[line]..<firstChanges[line + 1]] }

    /// How many lines from one on, and then from the first on again, have at least so many bytes.
    func lines(from first: Int, bytes: Int) -> Int {
        var (size, line, count) = (0, first, 0)
        repeat {
            size += starts[line + 1] - starts[line]
            line = line + 1 == self.count ? 0 : line + 1
            count += 1
        } while size < bytes
        return count
    }

    /// Adds a copy of some lines.
    func add(_ lines: Range<Int>, _ renaming: Renaming, to copy: inout [UInt8]) {
        let begin = starts[lines.lowerBound]
        let shift = copy.count - begin
        copy += text[begin..<starts[lines.upperBound]]
        copy.withUnsafeMutableBufferPointer { bytes in
            for change in changes[firstChanges[lines.lowerBound]..<firstChanges[lines.upperBound]] {
                change.write(renaming, to: bytes, at: change.offset + shift)
            }
        }
    }

    /// The sample trace of the package: in the folder that holds this program, or in one above it.
    static var sample: String {
        get throws {
            var folder = try MeasuringOptions.programFolder
            while true {
                let path = "\(folder)/sample-traces/before-1000users.ndjson.gz"
                if Platform.fileExists(path) { return path }
                guard let slash = folder.lastIndex(of: "/") else {
                    throw Failure("the package's sample-traces were not found; name a recording with --trace")
                }
                folder = folder[..<slash]
            }
        }
    }
}
