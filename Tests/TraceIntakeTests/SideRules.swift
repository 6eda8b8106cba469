/// The tables of errors, metricsets and logs.
let errorRules: [Rule] =
    [
        .text("error.id", required: "error: 'id' required"),
        Rule(
            "error.exception",
            accepts: [
                #"{"type":"E"}"#, #"{"message":"m","code":"x"}"#, #"{"message":"m","code":5}"#,
                #"{"message":"","module":"m","handled":false,"attributes":{"a":[5]}}"#,
            ],
            rejects: [
                #"{"module":"m"}"#: "exception: requires at least one of the fields 'message;type'",
                #"{"message":"m","code":1.5}"#: "exception: 'code': validation rule 'inputTypes(string;int)' violated",
                #"{"message":5}"#: "expected a string", #"{"message":"m","handled":1}"#: "expected true or false",
                #"{"message":"m","type":\#(Rule.quoted("x", 1025))}"#: "'type'",
                #"{"message":"m","attributes":5}"#: "expected an object",
            ], required: "error: requires at least one of the fields 'exception;log'"),
        Rule(
            "error.exception.cause",
            accepts: ["[]", #"[{"message":"a","cause":[{"type":"b","cause":[{"type":"c"}]}]}]"#],
            rejects: [
                "[{}]": "exception: cause slice element required",
                #"[{"message":"a","cause":[{"module":"b"}]}]"#: "cause: cause: requires at least one of the fields",
                #"[{"message":"a","stacktrace":[{"lineno":1}]}]"#: "cause: stacktrace: requires at least one",
            ]),
        stacktrace("error.exception.stacktrace"),
        Rule(
            "error.log", accepts: ["{}", #"{"message":"m","level":"x","logger_name":"y","param_message":"z"}"#],
            rejects: [
                #"{"level":"x"}"#: "log: 'message' required",
                #"{"message":"m","level":\#(Rule.quoted("x", 1025))}"#: "'level'",
                #"{"message":"m","logger_name":\#(Rule.quoted("x", 1025))}"#: "'logger_name'",
                #"{"message":"m","param_message":\#(Rule.quoted("x", 1025))}"#: "'param_message'",
            ]),
        loggedStacktrace,
        .text("error.culprit"),
        .timestamp("error.timestamp"),
        .text("error.transaction.name"),
        .text("error.transaction.type"),
        .boolean("error.transaction.sampled"),
        Rule(
            "error.parent_id", accepts: [#""p","trace_id":"t""#, #""","trace_id":"""#],
            rejects: ["\"p\"": "'trace_id' required when 'parent_id' is set", "5": "expected a string"]),
        Rule(
            "error.trace_id", accepts: [#""t","parent_id":"p""#],
            rejects: ["\"t\"": "'parent_id' required when 'trace_id' is set", "5": "expected a string"]),
        Rule(
            "error.transaction_id", accepts: [#""x","parent_id":"p","trace_id":"t""#],
            rejects: [
                "\"x\"": "'parent_id' required when 'transaction_id' is set", "5": "expected a string",
                #""x","parent_id":"p""#: "'trace_id' required when 'transaction_id' is set",
                #""x","trace_id":"t""#: "'parent_id' required when 'transaction_id' is set",
            ]),
    ] + contextRules("error.context") + messageRules("error.context") + serviceRules("error.context")

/// The stack of a log call, which needs a message beside it.
private var loggedStacktrace: Rule {
    var rule = stacktrace("error.log.stacktrace")
    let wrapped = { (json: String) in "{\"message\":\"m\",\"stacktrace\":\(json)}" }
    rule.path = "error.log"
    rule.accepted = rule.accepted.map(wrapped)
    rule.rejected = rule.rejected.map { ($0.json.map(wrapped), $0.message) }
    return rule
}

let metricsetRules: [Rule] =
    [
        Rule(
            "metricset.samples",
            accepts: [
                #"{"a":{"value":1.5}}"#, #"{"a":{"values":[1,2.5],"counts":[3,4]}}"#,
                #"{"":{"value":0,"type":"gauge","unit":"byte"}}"#,
            ],
            rejects: [
                "{}": "'metricset' required",
                #"{"a":{}}"#: "samples: requires at least one of the fields 'value;values'",
                #"{"a":null}"#: "samples: requires at least one", #"{"a":{"value":NaN}}"#: "samples: ",
                #"{"a":{"values":[1]}}"#: "samples: 'counts' required when 'values' is set",
                #"{"a":{"value":1,"counts":[1]}}"#: "samples: 'values' required when 'counts' is set",
                #"{"a":{"values":[1],"counts":[-1]}}"#: "expected an integer",
                #"{"a":{"value":1,"type":5}}"#: "type: expected a string",
                #"{"a":{"value":1,"unit":[]}}"#: "unit: expected a string",
                #"{"a*":{"value":1}}"#: "patternNoAsteriskQuote",
                #"{"a\"":{"value":1}}"#: "patternNoAsteriskQuote", "[]": "expected an object",
            ], required: "'metricset' required"),
        .timestamp("metricset.timestamp"),
        .labels("metricset.tags"),
        .text("metricset.span.type"),
        .text("metricset.span.subtype"),
        .text("metricset.service.name"),
        .text("metricset.service.version"),
        Rule(
            // Without a span's self time such a line vanishes.
            "metricset.transaction",
            accepts: [#"{"name":"x","type":"y"},"samples":{"span.self_time.count":{"value":1}}"#],
            rejects: [
                #"{"name":5}"#: "expected a string", #"{"name":\#(Rule.quoted("x", 1025))}"#: "transaction: 'name'",
                #"{"type":\#(Rule.quoted("x", 1025))}"#: "transaction: 'type'",
            ]),
    ] + faasRules("metricset.faas")

let logRules: [Rule] =
    [
        .anyText("log.message", required: "validation error: 'log' required"),
        .timestamp("log.@timestamp"),
        .text("log.trace/id"),
        .text("log.transaction/id"),
        .text("log.span/id"),
        .text("log.log/level"),
        .text("log.log/logger"),
        .text("log.log/origin/file/name"),
        .anyText("log.log/origin/function"),
        .integer("log.log/origin/file/line"),
        .text("log.service/name"),
        .text("log.service/version"),
        .text("log.service/environment"),
        .text("log.service/node/name"),
        .anyText("log.error/type"),
        .anyText("log.error/message"),
        .anyText("log.error/stack_trace"),
        .text("log.process/thread/name"),
        .text("log.event/dataset"),
        .labels("log.labels"),
        .map("log.error"),
        Rule(
            "log.log",
            accepts: [
                "{}", #"{"level":5,"origin":7}"#, #"{"level":"x","origin":{"file":{"name":"a","line":1}}}"#,
                #"{"level":"x","logger":"y"}"#,
            ],
            rejects: [
                #"{"logger":\#(Rule.quoted("x", 1025))}"#: "'logger'",
                #"{"level":\#(Rule.quoted("x", 1025))}"#: "maxLength(1024)", "[]": "expected an object",
                #"{"origin":{"file":{"name":\#(Rule.quoted("x", 1025))}}}"#: "maxLength(1024)",
            ]),
        Rule(
            "log.service",
            accepts: [#"{"name":"x.y","node":{"name":"n"}}"#, #"{"node":5}"#, #"{"version":"1","environment":"e"}"#],
            rejects: [
                #"{"node":{"name":\#(Rule.quoted("x", 1025))}}"#: "maxLength(1024)", "5": "expected an object",
                #"{"name":\#(Rule.quoted("x", 1025))}"#: "service: 'name'",
                #"{"version":\#(Rule.quoted("x", 1025))}"#: "service: 'version'",
                #"{"environment":\#(Rule.quoted("x", 1025))}"#: "service: 'environment'",
            ]),
        Rule(
            "log.process", accepts: [#"{"thread":{"name":"main"}}"#],
            rejects: [#"{"thread":{"name":\#(Rule.quoted("x", 1025))}}"#: "maxLength(1024)"]),
        Rule(
            "log.event", accepts: [#"{"dataset":"x"}"#],
            rejects: [#"{"dataset":\#(Rule.quoted("x", 1025))}"#: "maxLength(1024)"]),
    ] + faasRules("log.faas")
