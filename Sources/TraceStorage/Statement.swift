import GRDB
import GRDBSQLite
import TraceCore

/// A prepared statement through SQLite's own interface, for the paths where every event passes: binding a row
/// allocates nothing. Lives and is used where its connection is.
final class Statement {
    private let connection: OpaquePointer
    private let handle: OpaquePointer
    /// Where ids that are bound stand: sixteen bytes for each column.
    private let identifiers: UnsafeMutableRawPointer

    init(_ sql: String, on db: Database) throws {
        guard let connection = db.sqliteConnection else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the connection is closed")
        }
        self.connection = connection
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Self.error(code, connection) }
        self.handle = handle
        let columns = Int(sqlite3_bind_parameter_count(handle)) + 1
        identifiers = .allocate(byteCount: columns * 16, alignment: 8)
    }

    deinit {
        sqlite3_finalize(handle)
        identifiers.deallocate()
    }

    private static func error(_ code: Int32, _ connection: OpaquePointer) -> DatabaseError {
        DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
    }

    /// Runs it to its end and makes it ready for the next; how many rows it changed.
    @discardableResult
    func run() throws -> Int {
        let code = sqlite3_step(handle)
        let changes = code == SQLITE_DONE ? Int(sqlite3_changes(connection)) : 0
        let failure = code == SQLITE_DONE || code == SQLITE_ROW ? nil : Self.error(code, connection)
        sqlite3_reset(handle)
        if let failure { throw failure }
        return changes
    }

    /// Calls `body` for each row.
    func forEachRow(_ body: () throws -> Void) throws {
        defer { sqlite3_reset(handle) }
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: try body()
            case SQLITE_DONE: return
            case let code: throw Self.error(code, connection)
            }
        }
    }

    /// Goes to the next row; false behind the last one. For statements that are read beside others; `reset` ends it.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw Self.error(code, connection)
        }
    }

    /// Makes it ready to be run anew.
    func reset() { sqlite3_reset(handle) }

    /// The integer in the first column of the first row; nil where there is no row.
    func firstInteger() throws -> Int64? {
        var result: Int64?
        try forEachRow { if result == nil { result = integer(0) } }
        return result
    }

    // MARK: Binding, columns from 1

    func bind(_ value: Int64, at column: Int32) { sqlite3_bind_int64(handle, column, value) }

    func bind(_ value: Int, at column: Int32) { bind(Int64(value), at: column) }

    func bind(_ value: Int64?, at column: Int32) {
        if let value { bind(value, at: column) } else { bindNull(at: column) }
    }

    func bindNull(at column: Int32) { sqlite3_bind_null(handle, column) }

    /// Copies the bytes.
    func bind(text: UnsafeBufferPointer<UInt8>, at column: Int32) {
        guard let base = text.baseAddress else {
            sqlite3_bind_text(handle, column, "", 0, Self.transient)
            return
        }
        base.withMemoryRebound(to: CChar.self, capacity: text.count) { characters in
            _ = sqlite3_bind_text(handle, column, characters, Int32(text.count), Self.transient)
        }
    }

    func bind(text: String, at column: Int32) {
        var text = text
        text.withUTF8 { bind(text: $0, at: column) }
    }

    /// Copies the bytes.
    func bind(blob: [UInt8], at column: Int32) {
        _ = blob.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, column, 0)
                : sqlite3_bind_blob64(handle, column, bytes.baseAddress, UInt64(bytes.count), Self.transient)
        }
    }

    /// Bytes that SQLite reads where they are: they have to stay until it was run.
    func bind(untilRun blob: UnsafeBufferPointer<UInt8>, at column: Int32) {
        if let base = blob.baseAddress, !blob.isEmpty {
            sqlite3_bind_blob64(handle, column, base, UInt64(blob.count), nil)
        } else {
            sqlite3_bind_zeroblob(handle, column, 0)
        }
    }

    /// An id: 8 or 16 bytes where it was sent as hex, else its text.
    func bind(_ id: Identifier, at column: Int32) {
        // SQLite would allocate memory for a copy; the statement's own is there already.
        let place = identifiers + Int(column) * 16
        switch id {
        case .short(let value):
            place.storeBytes(of: value.bigEndian, as: UInt64.self)
            sqlite3_bind_blob(handle, column, place, 8, nil)
        case .long(let high, let low):
            place.storeBytes(of: high.bigEndian, as: UInt64.self)
            place.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            sqlite3_bind_blob(handle, column, place, 16, nil)
        case .text(let bytes):
            bytes.withUnsafeBufferPointer { bind(text: $0, at: column) }
        }
    }

    func bind(_ id: Identifier?, at column: Int32) {
        if let id { bind(id, at: column) } else { bindNull(at: column) }
    }

    // MARK: Reading, columns from 0

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    enum Kind {
        case integer, text, blob, other
    }

    func kind(_ column: Int32) -> Kind {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: .integer
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .other
        }
    }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let base = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Calls `body` with the bytes of a column where SQLite has them.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let base = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// Nil where the column is; an empty array where its value is empty.
    func optionalBytes(_ column: Int32) -> [UInt8]? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : bytes(column)
    }

    /// Bytes that are not UTF-8 are shown as U+FFFD.
    func text(_ column: Int32) -> String? { optionalBytes(column).map { String(decoding: $0, as: UTF8.self) } }

    func identifier(_ column: Int32) -> Identifier? {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_NULL: return nil
        case SQLITE_BLOB:
            let bytes = bytes(column)
            let words = bytes.withUnsafeBytes { raw in
                stride(from: 0, to: raw.count - raw.count % 8, by: 8).map {
                    UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
                }
            }
            return words.count == 2 ? .long(words[0], words[1]) : words.first.map { .short($0) }
        default: return .text(bytes(column))
        }
    }

    /// Where a line stands, from three columns: body, offset and length.
    func line(from column: Int32) -> BodyRange {
        BodyRange(body: integer(column), offset: Int(integer(column + 1)), length: Int(integer(column + 2)))
    }

    /// A run, from the first five columns: number, trace id, start and times of the last request, with imports and
    /// without; nil where the id is damaged.
    var storedRun: StoredRun? {
        identifier(1).map {
            StoredRun(
                number: integer(0), trace: $0, start: integer(2), lastRequest: integer(3), lastSent: optionalInteger(4))
        }
    }

    /// SQLITE_TRANSIENT: SQLite copies what is bound.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
