import TraceCompression
import TraceCore
import TraceIntake

/// An NDJSON file of the intake protocol, plain or gzip.
enum TraceFile {
    /// What a file holds, read whole.
    struct Contents {
        var batch: EventBatch
        var result: IntakeResult
        /// When it was last changed: the time of events that name none.
        var time: Int64
        /// Why it was not read to its end; nil where it was.
        var cutOff: String?
        /// Where its lines can be had again.
        var body: StoredLines.File
    }

    /// Reads a file as if it had been posted when it was last changed.
    static func read(_ path: String) throws(CommandFailure) -> Contents {
        let reader = try TraceFileReader(path)
        var stream = ElasticStream(requestTime: reader.time, now: Platform.now(), mayHoldSeveral: true)
        var cutOff: String?
        // What comes through a pipe comes once.
        var kept: [UInt8]? = reader.size == nil ? [] : nil
        while true {
            do throws(TraceFileReader.Ended) {
                let isOpen = try reader.next {
                    stream.feed($0)
                    kept?.append(contentsOf: $0)
                }
                guard isOpen else { break }
            } catch {
                cutOff = error.reason
                break
            }
        }
        if let cutOff { stream.breakOff(cutOff) } else { stream.finish() }
        let result = stream.result
        if result.failure == .metadata {
            throw CommandFailure(.usage, notAStream(path, result))
        }
        return Contents(
            batch: stream.takeBatch(), result: result, time: reader.time, cutOff: cutOff,
            body: kept.map { .kept($0) } ?? .path(path))
    }

    /// Bytes of a file's decoded contents, of ranges in ascending order that don't overlap; nil where the file ends
    /// before them.
    static func read(_ ranges: [Range<Int>], of path: String) throws(CommandFailure) -> [[UInt8]?] {
        let reader = try TraceFileReader(path)
        var parts = ranges.map { _ in [UInt8]() }
        var next = 0
        var offset = 0
        var isOpen = true
        while isOpen, next < ranges.count {
            do throws(TraceFileReader.Ended) {
                isOpen = try reader.next { piece in
                    let end = offset + piece.count
                    while next < ranges.count {
                        let part = ranges[next].clamped(to: offset..<end)
                        if !part.isEmpty {
                            parts[next].append(
                                contentsOf: piece[(part.lowerBound - offset)..<(part.upperBound - offset)])
                        }
                        if ranges[next].upperBound > end { break }
                        next += 1
                    }
                    offset = end
                }
            } catch {
                isOpen = false
            }
        }
        return zip(ranges, parts).map { range, part in part.count == range.count ? part : nil }
    }

    /// What to say of a file whose times are hardly meant, a sentence for each reason.
    static func oddTimes(_ path: String, _ result: IntakeResult) -> [String] {
        result.losses.entries.filter { $0.unit == .oddTimes }.map { entry in
            "\(CountText.text(entry.count, "event", "events")) of \(path): \(entry.reason)"
        }
    }

    /// What to say of events of files that are left out, since others with their ids came first; nil where none is.
    static func conflicts(_ count: Int, of path: String) -> String? {
        guard count > 0 else { return nil }
        let events = count == 1 ? "1 event" : "\(CountText.text(count)) events"
        return "\(events) of \(path) left out: another event with the same id came first"
    }

    /// What to say of a file whose first line is no metadata.
    static func notAStream(_ path: String, _ result: IntakeResult) -> String {
        let reason = result.errors.last.map { "line \($0.line): \($0.message)" } ?? "it is empty"
        return "\(path) is no stream of Elastic APM events (\(reason)): it has to begin with a metadata line"
    }

    /// What to say of a file with lines that were rejected, or that was cut off; nil where all is well.
    static func problem(_ path: String, _ result: IntakeResult, cutOff: String?) -> String? {
        if let cutOff {
            let events = CountText.text(result.accepted, "event was", "events were")
            return "\(path) is cut off (\(cutOff)): \(events) read before that"
        }
        guard result.rejected > 0 else { return nil }
        let lines = CountText.text(result.rejected, "line", "lines")
        let first = result.errors.first.map { ", the first line \($0.line): \($0.message)" } ?? ""
        return "\(lines) of \(path) rejected\(first); the others were read"
    }
}

/// Reads the decoded bytes of a file in pieces.
final class TraceFileReader {
    /// The file broke off while it was read.
    struct Ended: Error {
        var reason: String
    }

    private let path: String
    private let descriptor: Int32
    /// Nil for a plain file.
    private var inflater: Inflater?
    private var first: [UInt8]
    private var isAtEnd = false
    /// When the file was last changed, µs since the epoch; of a pipe, now.
    let time: Int64
    /// Bytes of the file as it lies; nil for a pipe.
    let size: Int?
    /// Bytes of the file read so far.
    private(set) var bytesRead = 0

    private static let pieceSize = 65_536

    /// Opens a file; `-` is standard input. Throws where it cannot be read, or says it is gzip and is not.
    init(_ path: String) throws(CommandFailure) {
        self.path = path
        let isInput = path == "-"
        guard let descriptor = isInput ? Platform.standardInput : Platform.openFile(path) else {
            throw CommandFailure(.inputOutput, "cannot read \(path): \(Platform.lastError)")
        }
        self.descriptor = descriptor
        time = isInput ? Platform.now() : Platform.modificationTime(descriptor) ?? Platform.now()
        size = Platform.fileSize(descriptor)
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        var count = 0
        // The format shows in the first two bytes, which a pipe may give one by one.
        while count < 2 {
            guard
                let read = piece.withUnsafeMutableBytes({
                    Platform.read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
                })
            else {
                throw CommandFailure(.inputOutput, "cannot read \(path): \(Platform.lastError)")
            }
            if read == 0 { break }
            count += read
        }
        first = Array(piece.prefix(count))
        bytesRead = count
        let isGzip = first.withUnsafeBytes { CompressionFormat.sniff($0) } == .gzip
        if path.hasSuffix(".gz"), !isGzip, !first.isEmpty {
            throw CommandFailure(.usage, "\(path) is named .gz and is not gzip: rename it, or compress it")
        }
        if isGzip {
            do throws(CompressionError) {
                inflater = try Inflater(.gzip)
            } catch {
                throw CommandFailure(.inputOutput, "cannot read \(path): \(error.message)")
            }
        }
    }

    deinit {
        if descriptor != Platform.standardInput { Platform.close(descriptor) }
    }

    /// Gives the next decoded bytes to `body`, valid during the call; false at the end. Throws where the file breaks
    /// off, after all that could be read was given.
    func next(_ body: (UnsafeRawBufferPointer) -> Void) throws(Ended) -> Bool {
        if isAtEnd { return false }
        let piece = try nextPiece()
        isAtEnd = piece.isEmpty
        guard inflater != nil else {
            piece.withUnsafeBytes(body)
            return !isAtEnd
        }
        if let failure = inflate(piece, body) {
            isAtEnd = true
            throw Ended(reason: failure.message)
        }
        return !isAtEnd
    }

    /// Inflates a piece, or takes the end where it is empty; what is wrong with it, if anything.
    private func inflate(_ piece: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) -> CompressionError? {
        piece.withUnsafeBytes { bytes in
            do throws(CompressionError) {
                if bytes.isEmpty { try inflater?.finish() } else { try inflater?.feed(bytes, body) }
                return nil
            } catch {
                return error
            }
        }
    }

    private func nextPiece() throws(Ended) -> [UInt8] {
        if !first.isEmpty {
            defer { first = [] }
            return first
        }
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        guard let count = piece.withUnsafeMutableBytes({ Platform.read(descriptor, into: $0) }) else {
            isAtEnd = true
            throw Ended(reason: Platform.lastError)
        }
        bytesRead += count
        piece.removeLast(piece.count - count)
        return piece
    }
}
