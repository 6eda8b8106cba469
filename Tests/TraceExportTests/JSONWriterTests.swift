import Foundation
import Testing
import TraceExport

/// What is written is JSON, read back by somebody else's parser.
struct JSONWriterTests {
    @Test func commasStandBetweenValuesOnly() {
        var json = JSONWriter()
        json.object { json in
            json.key("none")
            json.array { _ in }
            json.key("some")
            json.array { json in
                json.integer(1)
                json.object { _ in }
                json.string(nil)
                json.bool(true)
            }
            json.key("number")
            json.number(1)
        }
        #expect(json.text == #"{"none":[],"some":[1,{},null,true],"number":1.0}"#)
    }

    @Test func numbersThatAreNoneAreNull() {
        var json = JSONWriter()
        json.array { json in
            json.number(.nan)
            json.number(.infinity)
            json.number(nil)
            json.integer(Int128.max)
        }
        #expect(json.text == "[null,null,null,170141183460469231731687303715884105727]")
    }

    /// Every scalar comes back, and none that harms a terminal or a script is written raw.
    @Test func everyScalarComesBack() throws {
        let scalars = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
        for start in stride(from: 0, to: scalars.count, by: 4_096) {
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars[start..<min(start + 4_096, scalars.count)])
            var json = JSONWriter()
            json.array { $0.string(text) }
            let read = try #require(try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String])
            #expect(read.count == 1 && Array(read[0].utf8) == Array(text.utf8))
            let raw = json.text.unicodeScalars.filter { scalar in
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "\u{2028}"
                    || scalar == "\u{2029}" || scalar.properties.isBidiControl
            }
            #expect(raw.isEmpty)
        }
    }
}
