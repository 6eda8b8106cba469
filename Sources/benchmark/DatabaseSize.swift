import Foundation

/// What `waitline database info` says of a database.
struct DatabaseSize: Decodable {
    private var events: [String: Int]
    let runs: Int
    private var tables: [Table]

    struct Table: Decodable {
        var name: String
        /// Nil where that SQLite cannot tell.
        var bytes: Int?
    }

    /// Events of all kinds.
    var storedEvents: Int { events.values.reduce(0, +) }

    /// Bytes by table, its indexes counted as they are listed; those that hold something.
    var tableBytes: [String: Int] {
        let sizes = tables.compactMap { table in table.bytes.flatMap { $0 > 0 ? (table.name, $0) : nil } }
        return Dictionary(sizes, uniquingKeysWith: +)
    }

    static func read(_ database: String, waitline: String, scratch: Scratch) throws -> DatabaseSize {
        let output = scratch.file("information.json")
        let arguments = [waitline, "database", "info", "--format", "json", "--database", database]
        let child = try ChildProcess(arguments, output: output, errors: scratch.file("information-errors.txt"))
        _ = try child.succeed(as: "waitline database info")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(DatabaseSize.self, from: Data(Platform.contents(of: output) ?? []))
        } catch {
            throw Failure("`waitline database info` says what cannot be read: \(error)")
        }
    }

    /// Bytes of a database that any program wrote, with what is left in its log.
    static func bytes(of database: String) -> Int {
        (Platform.fileSize(database) ?? 0) + (Platform.fileSize(database + "-wal") ?? 0)
    }
}

/// `table 61.2, other 20.1`: bytes by table for each of so many events, the largest first.
func perEvent(_ tableBytes: [String: Int], events: Int) -> String {
    tableBytes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { "\($0.key) \(Figure.decimal(Double($0.value) / Double(events), 1))" }
        .joined(separator: ", ")
}
