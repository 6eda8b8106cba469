import TraceCore
import TraceExport

/// The run that a check sends: a root, two tasks and a span in each, under ids that no other run has.
///
/// It is made to be stored and found by its id, and to be no answer to anybody else's question. Its tasks have names of
/// their own, so they are no group: `runs` does not list it. It starts in the year 2000, so it is never `latest` where
/// there is any other run, nor since any time that one asks for. Its root is unsampled and nothing in it has a user, so
/// none of its transactions is a task of a report over all runs. Retention, which goes by arrival, takes it in its turn.
struct MarkedRun {
    static let service = "waitline-check"
    /// What all of them can be selected by: `label:waitline_check=intake`.
    static let label = (key: "waitline_check", value: "intake")

    /// One of its events; times in ms, from the run's start.
    private struct Part {
        var kind: Event.Kind
        var id = MarkedRun.randomID()
        var parent: String?
        var name: String
        var start: Int64
        var duration: Int64
        var isSampled = true
        var spans = 0
    }

    let trace = randomID() + randomID()
    /// µs since the epoch.
    private let start: Int64
    private let parts: [Part]

    var count: Int { parts.count }

    /// - Parameter now: µs since the epoch. Of two checks, the later has the later run.
    init(now: Int64) {
        start = 946_684_800_000_000 + now / 1_000_000
        let root = Part(kind: .transaction, name: "waitline check", start: 0, duration: 4, isSampled: false)
        let tasks = ["first", "second"].enumerated().map { index, name in
            Part(
                kind: .transaction, parent: root.id, name: "\(name) task", start: Int64(index) * 2, duration: 2,
                spans: 1)
        }
        let spans = tasks.map { Part(kind: .span, parent: $0.id, name: "work", start: $0.start, duration: 1) }
        // As agents send them: what ends first comes first.
        parts = spans + tasks + [root]
    }

    private static func randomID() -> String {
        let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The lines of its stream.
    var lines: [UInt8] { Array(([metadata] + parts.map(line)).joined().utf8) }

    /// The same for every check, so that it is stored once.
    private var metadata: String {
        var json = JSONWriter()
        json.object { json in
            json.key("metadata")
            json.object { json in
                json.key("service")
                json.object { json in
                    json.key("name")
                    json.string(Self.service)
                    json.key("agent")
                    json.object { json in
                        json.key("name")
                        json.string(Self.service)
                        json.key("version")
                        json.string(Version.text)
                    }
                }
                json.key("labels")
                json.object { json in
                    json.key(Self.label.key)
                    json.string(Self.label.value)
                }
            }
        }
        return json.text + "\n"
    }

    private func line(_ part: Part) -> String {
        let isSpan = part.kind == .span
        var json = JSONWriter()
        json.object { json in
            json.key(isSpan ? "span" : "transaction")
            json.object { json in
                json.key("id")
                json.string(part.id)
                json.key("trace_id")
                json.string(trace)
                if let parent = part.parent {
                    json.key("parent_id")
                    json.string(parent)
                }
                if isSpan {
                    json.key("transaction_id")
                    json.string(part.parent)
                } else {
                    json.key("sampled")
                    json.bool(part.isSampled)
                    json.key("span_count")
                    json.object { json in
                        json.key("started")
                        json.integer(part.spans)
                    }
                }
                json.key("name")
                json.string(part.name)
                json.key("type")
                json.string("check")
                json.key("timestamp")
                json.integer(start + part.start * 1_000)
                json.key("duration")
                json.integer(part.duration)
            }
        }
        return json.text + "\n"
    }

    /// What of a stored run is not as it was sent, in a few words; nil where all is.
    func difference(from stored: Trace) -> String? {
        guard stored.events.count == parts.count else {
            return "\(stored.events.count) of its \(parts.count) events are there"
        }
        for part in parts {
            guard let event = stored.events.first(where: { $0.id == Identifier(part.id) && $0.kind == part.kind })
            else {
                return "its \(part.name) is not there"
            }
            let isSame =
                event.parent == part.parent.map { Identifier($0) } && event.start == start + part.start * 1_000
                && event.duration == part.duration * 1_000 && stored.symbols.text(event.name) == part.name
                && stored.symbols[event.service] == Self.service
            guard isSame else { return "its \(part.name) is not as it was sent" }
        }
        return nil
    }
}
