import Foundation

@testable import benchmark

/// A run of two tasks, as an agent would send it: two spans, the tasks, an error, the root, a metricset.
enum SmallRecording {
    static let text = """
        {"metadata": {"service": {"name": "billing", "agent": {"name": "python", "version": "1"}}}}
        {"span": {"id": "00000000000000a1", "transaction_id": "00000000000000a0", "trace_id": "0123456789abcdef0123456789abcdef", "parent_id": "00000000000000a0", "name": "lookup", "type": "db", "timestamp": 1795414773000100, "duration": 0.1, "context": {"user": {"id": "ada"}}}}
        {"span": {"id": "00000000000000b1", "transaction_id": "00000000000000b0", "trace_id": "0123456789abcdef0123456789abcdef", "parent_id": "00000000000000b0", "name": "lookup", "type": "db", "timestamp": 1795414773000200, "duration": 0.1}}
        {"transaction": {"id": "00000000000000a0", "trace_id": "0123456789abcdef0123456789abcdef", "parent_id": "0000000000000001", "name": "task", "type": "user", "timestamp": 1795414773000050, "duration": 0.3, "span_count": {"started": 1}}}
        {"transaction": {"id":"00000000000000b0","trace_id":"0123456789abcdef0123456789abcdef","parent_id":"0000000000000001","name":"task","type":"user","timestamp":1795414773000060,"duration":0.3,"span_count":{"started":1}}}
        {"error": {"id": "fedcba98765432100123456789abcdef", "transaction_id": "00000000000000b0", "trace_id": "0123456789abcdef0123456789abcdef", "parent_id": "00000000000000b0", "timestamp": 1795414773000300, "exception": {"message": "no"}}}
        {"transaction": {"id": "0000000000000001", "trace_id": "0123456789abcdef0123456789abcdef", "name": "run", "type": "billing", "timestamp": 1795414773000000, "duration": 0.5, "span_count": {"started": 0}}}
        {"metricset": {"timestamp": 1795414773000500, "samples": {"cpu": {"value": 1}}}}

        """

    static var recording: Recording { get throws { try Recording(Array(text.utf8)) } }

    /// Its lines without the metadata's.
    static let events = 7
}

/// An event as it stands in a line.
struct WrittenEvent: Equatable {
    var kind: String
    var id: String?
    var trace: String?
    var transaction: String?
    var parent: String?
    var time: Int
    var duration: Double?

    /// Reads lines of JSON, one event each.
    static func all(_ lines: [UInt8]) throws -> [WrittenEvent] {
        try lines.split(separator: UInt8(ascii: "\n")).map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line))
            let (kind, fields) = try one(object as? [String: [String: Any]] ?? [:])
            return WrittenEvent(
                kind: kind, id: fields["id"] as? String, trace: fields["trace_id"] as? String,
                transaction: fields["transaction_id"] as? String, parent: fields["parent_id"] as? String,
                time: fields["timestamp"] as? Int ?? 0, duration: fields["duration"] as? Double)
        }
    }

    private struct NoEvent: Error {}

    private static func one(_ object: [String: [String: Any]]) throws -> (String, [String: Any]) {
        guard object.count == 1, let (kind, fields) = object.first else { throw NoEvent() }
        return (kind, fields)
    }
}
