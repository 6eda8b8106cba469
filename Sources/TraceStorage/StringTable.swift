import GRDB
import TraceCore

/// The table `strings` as the writer sees it: every text it met lately with its id, so that most are found without
/// asking SQLite.
final class StringTable {
    /// Beyond this many bytes of text the memory is emptied and begins anew.
    private static let memoryLimit = 16 << 20

    private let find: Statement
    private let insert: Statement
    private var known = SymbolTable()
    private var ids: [Int64]
    /// What it forgot since watching began; nil where nobody watches.
    private var watched: Set<Int64>?

    init(_ db: Database) throws {
        find = try Statement("SELECT id FROM strings WHERE text = ?", on: db)
        insert = try Statement("INSERT INTO strings (text) VALUES (?) RETURNING id", on: db)
        ids = [0]
    }

    /// The id of a text, a new row where there is none yet.
    func id(of text: UnsafeBufferPointer<UInt8>) throws -> Int64 {
        if known.byteCount > Self.memoryLimit { forget() }
        let symbol = known.intern(utf8: text)
        let index = Int(symbol.rawValue)
        if index < ids.count, ids[index] != 0 { return ids[index] }
        let id = try store(text)
        if index == ids.count { ids.append(id) } else { ids[index] = id }
        return id
    }

    /// Forgets all ids: after a rollback some are no longer true.
    func forget() {
        watched?.formUnion(ids)
        known = SymbolTable()
        ids = [0]
    }

    /// From now on it is known which ids were given to anybody, until `endWatching`.
    func watch() {
        forget()
        watched = []
    }

    /// The ids that were given to anybody since `watch`, and perhaps some more.
    var used: Set<Int64> { (watched ?? []).union(ids) }

    func endWatching() { watched = nil }

    private func store(_ text: UnsafeBufferPointer<UInt8>) throws -> Int64 {
        find.bind(text: text, at: 1)
        if let id = try find.firstInteger() { return id }
        insert.bind(text: text, at: 1)
        guard let id = try insert.firstInteger() else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "a text was stored without an id")
        }
        return id
    }
}

/// The ids in `strings` of the symbols of one batch, each found at its first use.
struct BatchStrings {
    private let table: StringTable
    private let symbols: SymbolTable
    private var ids: [Int64]

    init(_ symbols: SymbolTable, table: StringTable) {
        self.table = table
        self.symbols = symbols
        ids = [Int64](repeating: 0, count: symbols.count)
    }

    mutating func id(_ symbol: Symbol) throws -> Int64 {
        let index = Int(symbol.rawValue)
        if ids[index] == 0 { ids[index] = try symbols.withUTF8(symbol) { try table.id(of: $0) } }
        return ids[index]
    }

    /// 0 where there is no text.
    mutating func id(orZero symbol: Symbol?) throws -> Int64 {
        guard let symbol else { return 0 }
        return try id(symbol)
    }

    mutating func id(ifAny symbol: Symbol?) throws -> Int64? {
        guard let symbol else { return nil }
        return try id(symbol)
    }
}
