import Foundation
import Testing
import TraceCore
import TraceIntake

@Suite("What hostile lines say")
struct ElasticDetailsHostileTests {
    private func read(_ line: String, _ kind: Event.Kind = .transaction) -> EventDetails {
        ElasticDetails.read(Array(line.utf8), kind: kind)
    }

    /// The details of a transaction with a value in `context.custom`, which is accepted.
    private func custom(_ json: String) -> EventDetails {
        let line = Smallest.transaction.with("transaction.context.custom", json)
        #expect(Intake(line).messages == [])
        return read(line.json)
    }

    @Test(
        "a line that is no JSON, or no event of its kind, says nothing",
        arguments: [
            "", " ", "{", "{}", "null", "[]", "\"transaction\"", "{\"transaction\":", "{\"transaction\":{\"id\":}}",
            "{\"transaction\":5}", "{\"transaction\":[]}", "{\"transaction\":null}", "{\"span\":{\"id\":\"x\"}}",
            "{\"transaction\":{\"a\":\"\u{1}\"}}", "\n{\"transaction\":{}}", "{\"transaction\":{\"a\":\"x",
            String(repeating: "[", count: 100_000), "{\"transaction\":" + String(repeating: "[", count: 20_000),
        ])
    func nothing(_ line: String) {
        #expect(read(line) == EventDetails())
        #expect(read(line).json == "{}")
    }

    @Test("keys match in whatever case, and of those that come twice the last that isn't null counts")
    func duplicates() {
        let line =
            #"{"span":{"Context":{"DB":{"statement":"a"}}},"SPAN":{"context":{"db":{"STATEMENT":"b","type":"x","#
            + #""type":null,"u\u0073er":"u"},"db":{"instance":"i"}},"x":{"y":1},"x":{"z":2},"l":[1],"l":[2,3],"x":{"y":4}}}"#
        let details = read(line, .span)
        #expect(details.database?.statement == "b")
        #expect(details.database?.type == "x")
        #expect(details.database?.user == "u")
        #expect(details.database?.instance == "i")
        #expect(
            details.fields.map { "\($0.path)=\($0.value)" } == ["x.y=4", "x.z=2", "l[0]=2", "l[1]=3"])
    }

    @Test("the JSON keeps order and digits, and drops what is no part of the event")
    func json() {
        #expect(
            read(#" { "transaction" : { "b" : 1.50 , "a":[ ],"c":{},"d":[1E5,-0,true,null,{"x":"é"}] } } trailing }"#)
                .json == #"{"b":1.50,"a":[],"c":{},"d":[1E5,-0,true,null,{"x":"é"}]}"#)
        #expect(
            read(#"{"transaction":{"a":1,"b":2,"a":3,"o":{"x":1},"o":{"x":2,"y":3},"n":1,"n":null}}"#).json
                == #"{"a":3,"b":2,"o":{"x":2,"y":3},"n":1}"#)
        #expect(read(#"{"transaction":{"sample_rate":NaN,"a":1}}"#).json == #"{"sample_rate":null,"a":1}"#)
    }

    @Test("the JSON holds no half surrogate, no control character and nothing that turns text around")
    func harmlessJSON() throws {
        let line = #"{"transaction":{"\u001b":"\ud83d \ude00 \ud83d\ude00\u0000\n\t\"\\\/\u0085\u202e\u2028"}}"#
        #expect(
            read(line).json
                == #"{"\u001b":"\#u{FFFD} \#u{FFFD} 😀\u0000\n\t\"\\/\u0085\u202e\u2028"}"#)
        let bytes =
            Array("{\"transaction\":{\"x\":\"a".utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80] + Array("\"}}".utf8)
        let details = ElasticDetails.read(bytes, kind: .transaction)
        #expect(details.fields.map(\.path) == ["x"])
        let value = try #require(details.fields.first?.value)
        #expect(value.hasPrefix("a\u{FFFD}\u{FFFD}("))
        #expect(details.json == "{\"x\":\"\(value)\"}")
    }

    @Test("values nest 10 000 deep; what lies deeper than a path may be long is one field")
    func nesting() throws {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let depth = 9_996
            let value = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            let details = custom("{\"x\":\(value),\"y\":2}")
            #expect(details.json.contains(value))
            #expect(details.fields.map(\.value).contains("2"))
            let deep = try #require(details.fields.first { $0.path.hasPrefix("context.custom.x") })
            #expect(deep.path.utf8.count < 300)
            #expect(value.contains(deep.value))
            #expect(deep.value.utf8.count > depth)
        }
    }

    @Test("the paths of many values below a long key take no more room than the line, but for a bound")
    func longKeys() {
        let key = String(repeating: "k", count: 100_000)
        let values = [String](repeating: "1", count: 50_000).joined(separator: ",")
        let details = custom("{\"\(key)\":[\(values)]}")
        let paths = details.fields.reduce(0) { $0 + $1.path.utf8.count }
        #expect(paths < 200_000)
        #expect(details.fields.contains { $0.value == "[\(values)]" })
    }

    @Test("causes below those that are checked stay among the fields")
    func causes() throws {
        let line =
            "{\"error\":{\"id\":\"e\",\"exception\":" + String(repeating: "{\"type\":\"t\",\"cause\":[", count: 4_000)
            + "{\"type\":\"innermost\"}" + String(repeating: "]}", count: 4_000) + "}}"
        #expect(Intake(lines: [line]).result.accepted == 1)
        let details = ElasticDetails.read(Array(line.utf8), kind: .error)
        var depth = 0
        var error = details.error
        while let next = error?.causes.first {
            depth += 1
            error = next
        }
        #expect(depth == 64)
        #expect(details.fields.contains { $0.value.contains("innermost") })
    }

    @Test("many members of the same name, in whatever case, take no longer than others")
    func manyDuplicates() {
        let members = (0..<12_000).map { "\"\($0 % 2 == 0 ? "a" : "A")\":{\"k\($0)\":1}" }.joined(separator: ",")
        let details = custom("{\(members)}")
        #expect(details.fields.filter { $0.value == "1" }.count == 12_000)
    }

    @Test("random damage never harms, and the JSON stays JSON")
    func damage() {
        var generator = SplitMix(state: 11)
        let lines: [SentObject] = [
            Smallest.transaction.with("transaction.context", #"{"tags":{"a":"\u00e9"},"custom":{"b":[1,{"c":2}]}}"#),
            Smallest.span.with("span.stacktrace", #"[{"filename":"a","lineno":1}]"#),
        ]
        let characters = Array("\"\\{}[]:,0-.eutnN\n\r \u{1}".utf8) + [0x80, 0xFF]
        var read = 0
        for _ in 0..<1000 {
            for line in lines {
                var damaged = Array(line.json.utf8)
                for _ in 0...Int.random(in: 0..<3, using: &generator) {
                    let place = Int.random(in: 0..<damaged.count, using: &generator)
                    damaged[place] = characters[Int.random(in: 0..<characters.count, using: &generator)]
                }
                for kind in [Event.Kind.transaction, .span] {
                    let details = ElasticDetails.read(damaged, kind: kind)
                    let object = try? JSONSerialization.jsonObject(with: Data(details.json.utf8))
                    #expect(object is [String: Any], "\(details.json)")
                    if details.json != "{}" { read += 1 }
                }
            }
        }
        #expect(read > 200)
    }
}
