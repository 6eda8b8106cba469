import GRDB
import TraceCore

/// The table `processes` as the writer sees it: each distinct metadata line once.
final class ProcessTable {
    /// Beyond so many bytes of lines the memory is emptied and begins anew.
    private static let memoryLimit = 4 << 20

    private let find: Statement
    private let findIdentity: Statement
    private let insert: Statement
    private let nextID: Statement
    private var known: [[UInt8]: Int64] = [:]
    private var knownSize = 0
    /// What it forgot since watching began; nil where nobody watches.
    private var watched: Set<Int64>?

    init(_ db: Database) throws {
        find = try Statement("SELECT id FROM processes WHERE line = ?", on: db)
        findIdentity = try Statement(
            "SELECT identity FROM processes WHERE host IS ? AND pid IS ? AND node IS ? AND container IS ? LIMIT 1",
            on: db)
        nextID = try Statement("SELECT coalesce(max(id), 0) + 1 FROM processes", on: db)
        insert = try Statement(
            """
            INSERT INTO processes (
                id, identity, service, version, environment, host, pid, node, agent, user, labels, line, container
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, on: db)
    }

    /// The id of a metadata line, a new row where there is none yet.
    func id(of metadata: ProcessMetadata, symbols: SymbolTable, strings: inout BatchStrings) throws -> Int64 {
        if let id = known[metadata.line] { return id }
        find.bind(blob: metadata.line, at: 1)
        let id = try find.firstInteger() ?? store(metadata, symbols: symbols, strings: &strings)
        if knownSize > Self.memoryLimit { forget() }
        known[metadata.line] = id
        knownSize += metadata.line.count + MemoryLayout<[UInt8]>.stride
        return id
    }

    /// Forgets all ids: after a rollback some are no longer true.
    func forget() {
        watched?.formUnion(known.values)
        known.removeAll()
        knownSize = 0
    }

    /// From now on it is known which ids were given to anybody, until `endWatching`.
    func watch() {
        forget()
        watched = []
    }

    /// The ids that were given to anybody since `watch`, and perhaps some more.
    var used: Set<Int64> { (watched ?? []).union(known.values) }

    func endWatching() { watched = nil }

    private func store(
        _ metadata: ProcessMetadata, symbols: SymbolTable, strings: inout BatchStrings
    ) throws -> Int64 {
        let id = try nextID.firstInteger() ?? 1
        let (host, node) = (try strings.id(ifAny: metadata.host), try strings.id(ifAny: metadata.node))
        findIdentity.bind(host, at: 1)
        findIdentity.bind(metadata.pid, at: 2)
        findIdentity.bind(node, at: 3)
        let container = try strings.id(ifAny: metadata.container)
        findIdentity.bind(container, at: 4)
        insert.bind(id, at: 1)
        insert.bind(try findIdentity.firstInteger() ?? id, at: 2)
        insert.bind(try strings.id(metadata.service), at: 3)
        insert.bind(try strings.id(ifAny: metadata.version), at: 4)
        insert.bind(try strings.id(ifAny: metadata.environment), at: 5)
        insert.bind(host, at: 6)
        insert.bind(metadata.pid, at: 7)
        insert.bind(node, at: 8)
        insert.bind(try strings.id(ifAny: metadata.agent), at: 9)
        insert.bind(try strings.id(ifAny: metadata.user), at: 10)
        if metadata.labels.isEmpty {
            insert.bindNull(at: 11)
        } else {
            let labels = try LabelColumn.encode(metadata.labels[...], symbols: symbols) { try strings.id($0) }
            insert.bind(blob: labels, at: 11)
        }
        insert.bind(blob: metadata.line, at: 12)
        insert.bind(container, at: 13)
        try insert.run()
        return id
    }
}
