import TraceCore
import TraceStorage

/// Gives back the very lines that events came in, from the database and from files that were read.
struct StoredLines {
    /// A file that was read.
    enum File {
        case path(String)
        /// What came through a pipe, decoded: it cannot be read twice.
        case kept([UInt8])
    }

    private let databasePath: String
    private var files: [File] = []

    init(databasePath: String) { self.databasePath = databasePath }

    /// Takes a file; the number by which its lines are known, below 0.
    mutating func add(_ file: File) -> Int64 {
        files.append(file)
        return -Int64(files.count)
    }

    /// The lines that stand there, in the order asked; nil for one that is gone. Each body and each file is read once.
    func lines(_ places: [BodyRange]) throws -> [[UInt8]?] {
        var result = [[UInt8]?](repeating: nil, count: places.count)
        let stored = places.indices.filter { places[$0].body > 0 }
        if !stored.isEmpty {
            let lines = try TraceReader(path: databasePath).read { try $0.lines(stored.map { places[$0] }) }
            for (index, line) in zip(stored, lines) { result[index] = line }
        }
        for (number, file) in files.enumerated() {
            let body = -Int64(number + 1)
            let wanted = Set(places.filter { $0.body == body }).sorted { $0.offset < $1.offset }
            guard !wanted.isEmpty else { continue }
            let lines = try read(wanted.map { $0.offset..<$0.offset + $0.length }, of: file)
            let found = Dictionary(uniqueKeysWithValues: zip(wanted, lines))
            for index in places.indices where places[index].body == body { result[index] = found[places[index]] ?? nil }
        }
        return result
    }

    /// The line that stands there; nil where it is gone.
    func line(_ place: BodyRange) throws -> [UInt8]? { try lines([place]).first ?? nil }

    private func read(_ ranges: [Range<Int>], of file: File) throws(CommandFailure) -> [[UInt8]?] {
        switch file {
        case .path(let path):
            try TraceFile.read(ranges, of: path)
        case .kept(let bytes):
            ranges.map { $0.upperBound <= bytes.count ? Array(bytes[$0]) : nil }
        }
    }
}
