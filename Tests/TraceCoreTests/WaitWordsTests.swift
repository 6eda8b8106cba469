import TestSupport
import Testing

@testable import TraceCore

@Suite("The words by which a span says that it waits")
struct WaitWordsTests {
    private let words = WaitWords.standard

    @Test(
        "each word as a dot-separated part of a type, in any case",
        arguments: ["wait", "queue", "lock", "semaphore", "throttle", "backoff"])
    func typeParts(word: String) {
        for text in [word, word.uppercased(), "app.\(word)", "\(word).x", "a.\(word).b", "..\(word)."] {
            #expect(words.isWaitType(text), "\(text)")
        }
        for text in ["x\(word)", "\(word)s", "a_\(word)", "a \(word)", "a-\(word)", ""] {
            #expect(!words.isWaitType(text), "\(text)")
        }
    }

    @Test(
        "each word as a whole word of a name, in any case",
        arguments: [
            "wait", "waiting", "acquire", "acquiring", "semaphore", "permit", "lock", "queued", "throttle", "backoff",
        ])
    func nameWords(word: String) {
        for text in [word, word.uppercased(), "for \(word)", "a_\(word)_b", "db.\(word)", "(\(word))", "x/\(word)-y"] {
            #expect(words.isWaitName(text), "\(text)")
        }
        for text in ["x\(word)", "\(word)x", "\(word)2", "\u{E9}\(word)", "\(word)\u{3B1}", "\(word)\u{664}", ""] {
            #expect(!words.isWaitName(text), "\(text)")
        }
    }

    @Test("the lists are two: a queue is no word of names, waiting no part of types")
    func twoLists() {
        #expect(!words.isWaitName("queue"))
        #expect(!words.isWaitType("waiting"))
        #expect(!words.isWaitType("permit"))
    }

    @Test("own code is what a type begins with, as a part, in any case")
    func ownCode() {
        for type in ["app", "custom", "code", "APP", "app.x", "Code.y"] { #expect(words.isOwnCode(type), "\(type)") }
        for type in ["", "db", "application", "x.app", ".app", "app_x", "code-x"] {
            #expect(!words.isOwnCode(type), "\(type)")
        }
    }

    @Test("type, subtype and action count of every span, the name only of own code")
    func spans() {
        let analysis = TraceAnalysis(
            EventBatch.filled { batch in
                func symbol(_ text: String) -> Symbol { batch.symbols.intern(text) }
                let (queue, other) = (symbol("messaging.Queue"), symbol("other"))
                batch.transaction("task") { $0.type = queue }
                batch.span("type", of: "task", type: "messaging.queue")
                batch.span("subtype", of: "task") { $0.subtype = queue }
                batch.span("action", of: "task") { ($0.subtype, $0.action) = (other, queue) }
                batch.span("name", of: "task", type: "app", name: "acquire permit")
                batch.span("custom", of: "task", type: "custom.job", name: "Lock")
                batch.span("db", of: "task", type: "db", name: "acquire lock")
                batch.span("plain", of: "task", type: "app", name: "compute")
                batch.span("in name", of: "task", type: "app", name: "queue")
            }.firstTrace)
        #expect(analysis.waitingIDs == ["type", "subtype", "action", "name", "custom"])
    }

    @Test("both lists can be others")
    func configured() {
        let trace = EventBatch.filled {
            $0.transaction("task")
            $0.span("wait", of: "task", type: "wait")
            $0.span("nap", of: "task", type: "db.nap")
            $0.span("doze", of: "task", type: "app", name: "Doze off")
        }.firstTrace
        let words = WaitWords(typeParts: ["nap"], nameWords: ["doze"])
        #expect(TraceAnalysis(trace, settings: AnalysisSettings(words: words)).waitingIDs == ["nap", "doze"])
    }

    @Test("what is below a wait span of the same task waits too, whatever the times and whoever stands between")
    func below() {
        let analysis = TraceAnalysis(
            EventBatch.filled {
                $0.transaction("task")
                $0.span("wait", parent: "task", of: "task", type: "wait")
                $0.span("child", parent: "wait", of: "task", start: 5_000)
                $0.transaction("inner", parent: "child")
                $0.span("of inner", parent: "inner", of: "inner")
                $0.span("back again", parent: "of inner", of: "task")
                $0.span("beside", parent: "task", of: "task")
                $0.transaction("child task", parent: "wait") { $0.sampled = false }
                $0.span("lost child", parent: "wait", of: "gone")
            }.firstTrace)
        #expect(analysis.waitingIDs == ["wait", "child", "inner", "back again", "child task"])
    }

    @Test("a wait span is not looked for past the task")
    func notPastTheTask() {
        let analysis = TraceAnalysis(
            EventBatch.filled {
                $0.span("wait of task", parent: "far", of: "task", type: "wait")
                $0.transaction("task", parent: "wait of task")
                $0.span("span", parent: "task", of: "task")
            }.firstTrace)
        #expect(analysis.waitingIDs == ["wait of task"])
    }

    @Test("in a circle every span is below every other")
    func circles() {
        let analysis = TraceAnalysis(
            EventBatch.filled {
                $0.transaction("task")
                $0.span("a", parent: "c", of: "task")
                $0.span("b", parent: "a", of: "task", type: "wait")
                $0.span("c", parent: "b", of: "task")
                $0.span("tail", parent: "a", of: "task")
                $0.span("other", parent: "a", of: "gone")
                $0.span("x", parent: "y", of: "task")
                $0.span("y", parent: "x", of: "task")
                $0.span("self", parent: "self", of: "task")
            }.firstTrace)
        #expect(analysis.waitingIDs == ["a", "b", "c", "tail"])
    }
}
