import Testing

/// A row of the protocol's tables: values that a member may have, and values for which its line is rejected.
struct Rule: Sendable, CustomTestStringConvertible {
    var type: String
    var path: String
    var accepted: [String]
    /// Each with a part of the message.
    var rejected: [(json: String?, message: String)]

    init(_ path: String, accepts: [String], rejects: KeyValuePairs<String, String>, required: String? = nil) {
        let parts = path.split(separator: ".", maxSplits: 1)
        type = String(parts[0])
        self.path = path
        accepted = accepts
        rejected = rejects.map { ($0.key, $0.value) }
        if let required { rejected += [(nil, required), ("null", required)] }
        if required == nil { accepted.append("null") }
    }

    var testDescription: String { path }

    /// A string of at most 1024 code points.
    static func text(_ path: String, required: String? = nil, atMost limit: Int = 1024) -> Rule {
        let name = path.split(separator: ".").last.map { String($0.replacing("/", with: ".")) } ?? ""
        return Rule(
            path, accepts: ["\"\"", "\"x y\"", quoted("é", limit), quoted("😀", limit), "\"\\ud83d\\ude00\""],
            rejects: [
                quoted("x", limit + 1): "'\(name)': validation rule 'maxLength(\(limit))' violated",
                quoted("é", limit + 1): "validation error: ",
                quoted("e\u{301}", limit / 2 + 1): "validation rule 'maxLength(\(limit))' violated",
                "5": expectsString, "true": expectsString, "{}": expectsString, "[]": expectsString,
            ], required: required)
    }

    /// A string of any length.
    static func anyText(_ path: String, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["\"\"", quoted("x", 5000)], rejects: ["5": expectsString, "false": expectsString],
            required: required)
    }

    static func integer(_ path: String, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["0", "7", "-3", "9223372036854775807", "-9223372036854775808"],
            rejects: [
                "1.0": "expected an integer", "1e3": "expected an integer", "9223372036854775808": "more than 64 bits",
                "-9223372036854775809": "more than 64 bits", "\"1\"": "expected an integer", "01": decodeError,
                "true": "expected an integer", "1x": decodeError,
            ], required: required)
    }

    static func integer(_ path: String, from least: Int, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["\(least)", "100000"],
            rejects: ["\(least - 1)": "validation rule 'min(\(least))' violated", "1.5": "expected an integer"],
            required: required)
    }

    static func number(_ path: String, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["0", "-1.5", "1e3", "1.25E-2", "1e-400", "123456789012345678901234567890"],
            rejects: [
                "\"1\"": "expected a number", "1e400": "a number out of range", "1.": "expected a number",
                ".5": "expected a number", "--1": decodeError, "+1": decodeError, "Infinity": decodeError,
            ], required: required)
    }

    static func number(_ path: String, from least: Int, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["\(least)", "2.5", "1e3"],
            rejects: ["\(least - 1)": "validation rule 'min(\(least))' violated", "\"1\"": "expected a number"],
            required: required)
    }

    static func boolean(_ path: String) -> Rule {
        Rule(
            path, accepts: ["true", "false"],
            rejects: ["1": "expected true or false", "\"true\"": "expected true or false", "tru": decodeError])
    }

    static func map(_ path: String) -> Rule {
        Rule(
            path, accepts: ["{}", #"{"a":{"b":[1,"x",null,true]},"a":1e999}"#],
            rejects: ["[]": "expected an object", "\"x\"": "expected an object", #"{"a":tru}"#: decodeError])
    }

    static func texts(_ path: String) -> Rule {
        Rule(
            path, accepts: ["[]", #"["a",null,""]"#],
            rejects: ["[5]": expectsString, "{}": "expected an array", #"["a""#: decodeError])
    }

    static func timestamp(_ path: String) -> Rule {
        Rule(
            path, accepts: ["0", "-1", "1700000000000000", "2305843009213693952", "\"2017-05-30T18:53:27.154Z\""],
            rejects: [
                "1.5": "expected an integer", "1e15": "expected an integer", "true": "expected microseconds",
                "\"2017-05-30\"": "expected microseconds", "2305843009213693953": "validation error: ",
                "-2305843009213693953": "validation error: ", "{}": "expected microseconds",
            ])
    }

    static func outcome(_ path: String) -> Rule {
        Rule(
            path, accepts: ["\"success\"", "\"failure\"", "\"unknown\"", "\"\""],
            rejects: ["\"Success\"": "'outcome': validation rule 'enum(enumOutcome)' violated", "1": expectsString])
    }

    static func labels(_ path: String) -> Rule {
        Rule(
            path, accepts: ["{}", #"{"a":"x","b":1.50,"c":true,"d":null}"#],
            rejects: [
                #"{"a":[]}"#: "inputTypesVals(string;bool;number)' violated for key a",
                #"{"a":{}}"#: "inputTypesVals(string;bool;number)' violated for key a",
                #"{"a":\#(quoted("x", 1025))}"#: "maxLengthVals(1024)", "[]": "expected an object",
            ])
    }

    static func headers(_ path: String) -> Rule {
        Rule(
            path, accepts: ["{}", #"{"a":"x","b":["y","z"],"c":[]}"#],
            rejects: [
                #"{"a":null}"#: "expected a string or an array of strings",
                #"{"a":5}"#: "expected a string or an array of strings",
                #"{"a":[5]}"#: "expected a string or an array of strings", "[]": "expected an object",
            ])
    }

    static func textOrInteger(_ path: String) -> Rule {
        Rule(
            path, accepts: ["\"x\"", "5", "-5", "\"\""],
            rejects: [
                "1.5": "validation rule 'inputTypes(string;int)' violated",
                "true": "validation rule 'inputTypes(string;int)' violated",
                "[]": "validation rule 'inputTypes(string;int)' violated",
                "9223372036854775808": "inputTypes(string;int)", quoted("x", 1025): "maxLength(1024)",
            ])
    }

    static func serviceName(_ path: String, required: String? = nil) -> Rule {
        Rule(
            path, accepts: ["\"a B-9_\"", quoted("x", 1024)],
            rejects: [
                "\"a.b\"": "'name': validation rule 'pattern(patternAlphaNumericExt)' violated",
                "\"é\"": "pattern", quoted("x", 1025): "maxLength(1024)", "5": expectsString,
            ], required: required)
    }

    static let expectsString = "expected a string"
    static let decodeError = "decode error: data read error: "

    static func quoted(_ text: String, _ count: Int) -> String {
        "\"" + String(repeating: text, count: count) + "\""
    }
}
