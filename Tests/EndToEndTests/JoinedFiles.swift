/// Two services' streams of one run, and the ways in which people put files together.
enum JoinedFiles: String, CaseIterable {
    case plain
    case emptyLineBetween
    case byteOrderMarks
    case noNewlineAtEnd
    case nothingButAMarkBetween

    /// The bytes of a file of both streams, the caller's first.
    var bytes: [UInt8] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let newline = UInt8(ascii: "\n")
        return switch self {
        case .plain: Self.caller + Self.callee
        case .emptyLineBetween: Self.caller + [newline] + Self.callee
        case .byteOrderMarks: mark + Self.caller + mark + Self.callee
        case .noNewlineAtEnd: Self.caller.dropLast() + Self.callee.dropLast()
        case .nothingButAMarkBetween: Self.caller.dropLast() + mark + Self.callee
        }
    }

    static let caller = stream(
        "shop", pid: 1,
        [
            #"{"transaction":{"id":"aaaaaaaaaaaaaaaa",\#(trace),"name":"GET /shop","type":"request","# + rest(0, 500),
            #"{"span":{"id":"bbbbbbbbbbbbbbbb",\#(trace),"parent_id":"aaaaaaaaaaaaaaaa","name":"call","type":"external","#
                + rest(100_000, 300),
        ])
    static let callee = stream(
        "stock", pid: 2,
        [
            #"{"transaction":{"id":"cccccccccccccccc",\#(trace),"parent_id":"bbbbbbbbbbbbbbbb","name":"GET /items","#
                + #""type":"request","# + rest(110_000, 250),
            #"{"error":{"id":"dddddddddddddddd",\#(trace),"parent_id":"cccccccccccccccc","#
                + #""timestamp":1795406603120000,"log":{"message":"no such item"}}}"#,
            #"{"span":{"id":"eeeeeeeeeeeeeeee",\#(trace),"parent_id":"cccccccccccccccc","name":"SELECT","type":"db","#
                + rest(120_000, 100),
        ])

    private static let trace = #""trace_id":"5b80e7b1e4b759fd8c659045b85df2a6""#

    private static func rest(_ start: Int, _ milliseconds: Int) -> String {
        #""timestamp":\#(1_795_406_603_000_000 + start),"duration":\#(milliseconds),"span_count":{"started":1}}}"#
    }

    private static func stream(_ service: String, pid: Int, _ lines: [String]) -> [UInt8] {
        let agent = #""agent":{"name":"python","version":"6"}"#
        let metadata = #"{"metadata":{"service":{"name":"\#(service)",\#(agent)},"process":{"pid":\#(pid)}}}"#
        return Array(([metadata] + lines).map { $0 + "\n" }.joined().utf8)
    }
}
