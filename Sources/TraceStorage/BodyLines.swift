import GRDB
import TraceCompression
import TraceCore

/// Reads lines out of the bodies they stand in, each body inflated once.
struct BodyLines {
    static let bodySQL = "SELECT encoding, decoded_size, data FROM bodies WHERE id = ?"

    private let body: Statement

    init(_ db: Database) throws { body = try Statement(Self.bodySQL, on: db) }

    /// The bytes of each range, in the order asked; nil where the body is gone, damaged or ends before the line does.
    func lines(_ ranges: [BodyRange]) throws -> [[UInt8]?] {
        var lines = [[UInt8]?](repeating: nil, count: ranges.count)
        let order = ranges.indices.filter { isPossible(ranges[$0]) }.sorted { left, right in
            let (a, b) = (ranges[left], ranges[right])
            return (a.body, a.offset, a.length) < (b.body, b.offset, b.length)
        }
        var rest = order[...]
        while let first = rest.first {
            let number = ranges[first].body
            let wanted = rest.prefix { ranges[$0].body == number }
            rest = rest[wanted.endIndex...]
            try read(wanted, of: number, ranges, into: &lines)
        }
        return lines
    }

    private func isPossible(_ range: BodyRange) -> Bool {
        range.body > 0 && range.offset >= 0 && range.length >= 0
            && !range.offset.addingReportingOverflow(range.length).overflow
    }

    private func read(
        _ wanted: ArraySlice<Int>, of number: Int64, _ ranges: [BodyRange], into lines: inout [[UInt8]?]
    ) throws {
        guard let body = try stored(number) else { return }
        // The reader wants stretches that don't overlap; the same line may be asked for twice.
        var stretches: [Range<Int>] = []
        var owners: [(line: Int, stretch: Int)] = []
        for line in wanted where ranges[line].offset + ranges[line].length <= body.decodedSize {
            let range = ranges[line].offset..<ranges[line].offset + ranges[line].length
            if let last = stretches.last, range.lowerBound < last.upperBound {
                stretches[stretches.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                stretches.append(range)
            }
            owners.append((line, stretches.count - 1))
        }
        guard let read = try? BodyReader.read(stretches, of: body.bytes, body.format) else { return }
        for (line, stretch) in owners {
            let start = ranges[line].offset - stretches[stretch].lowerBound
            guard start + ranges[line].length <= read[stretch].count else { continue }
            lines[line] = Array(read[stretch][start..<start + ranges[line].length])
        }
    }

    private func stored(_ number: Int64) throws -> ReceivedBody? {
        var found: ReceivedBody?
        body.bind(number, at: 1)
        try body.forEachRow {
            found = UInt8(exactly: body.integer(0)).flatMap(ReceivedBody.Encoding.init(rawValue:)).map {
                ReceivedBody(encoding: $0, bytes: body.bytes(2), decodedSize: Int(body.integer(1)))
            }
        }
        return found
    }
}

extension ReceivedBody {
    fileprivate var format: CompressionFormat {
        switch encoding {
        case .gzip: .gzip
        case .zlib: .zlib
        }
    }
}
