/// The tables of errors, metricsets and logs.
let errorRules: [Rule] =
    [
        .text("error.id", required: "error: 'id' required"),
        Rule(
            "error.exception",
            accepts: [#"{"type":"E"}"#, #"{"message":"m","code":"x"}"#, #"{"message":"m","code":5}"#],
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
            ]),
        .text("error.culprit"),
        .timestamp("error.timestamp"),
        .text("error.transaction.name"),
        .text("error.transaction.type"),
        .boolean("error.transaction.sampled"),
        Rule("error.parent_id", accepts: [], rejects: ["\"p\"": "'trace_id' required when 'parent_id' is set"]),
        Rule("error.trace_id", accepts: [], rejects: ["\"t\"": "'parent_id' required when 'trace_id' is set"]),
        Rule(
            "error.transaction_id", accepts: [], rejects: ["\"t\"": "'parent_id' required when 'transaction_id' is set"]
        ),
    ] + contextRules("error.context") + messageRules("error.context") + serviceRules("error.context")

let metricsetRules: [Rule] = [
    Rule(
        "metricset.samples",
        accepts: [
            #"{"a":{"value":1.5}}"#, #"{"a":{"values":[1,2.5],"counts":[3,4]}}"#,
            #"{"":{"value":0,"type":"gauge","unit":"byte"}}"#,
        ],
        rejects: [
            "{}": "'metricset' required", #"{"a":{}}"#: "samples: requires at least one of the fields 'value;values'",
            #"{"a":null}"#: "samples: requires at least one", #"{"a":{"value":NaN}}"#: "samples: ",
            #"{"a":{"values":[1]}}"#: "samples: 'counts' required when 'values' is set",
            #"{"a":{"value":1,"counts":[1]}}"#: "samples: 'values' required when 'counts' is set",
            #"{"a":{"values":[1],"counts":[-1]}}"#: "expected an integer",
            #"{"a*":{"value":1}}"#: "patternNoAsteriskQuote",
            #"{"a\"":{"value":1}}"#: "patternNoAsteriskQuote", "[]": "expected an object",
        ], required: "'metricset' required"),
    .timestamp("metricset.timestamp"),
    .labels("metricset.tags"),
    .text("metricset.span.type"),
    .text("metricset.span.subtype"),
    .text("metricset.service.name"),
    .text("metricset.service.version"),
    .anyText("metricset.faas.id"),
]

let logRules: [Rule] = [
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
    .anyText("log.faas.id"),
    Rule(
        "log.log",
        accepts: ["{}", #"{"level":5,"origin":7}"#, #"{"level":"x","origin":{"file":{"name":"a","line":1}}}"#],
        rejects: [
            #"{"level":\#(Rule.quoted("x", 1025))}"#: "maxLength(1024)", "[]": "expected an object",
            #"{"origin":{"file":{"name":\#(Rule.quoted("x", 1025))}}}"#: "maxLength(1024)",
        ]),
    Rule(
        "log.service", accepts: [#"{"name":"x.y","node":{"name":"n"}}"#, #"{"node":5}"#],
        rejects: [#"{"node":{"name":\#(Rule.quoted("x", 1025))}}"#: "maxLength(1024)", "5": "expected an object"]),
    Rule(
        "log.process", accepts: [#"{"thread":{"name":"main"}}"#],
        rejects: [#"{"thread":{"name":\#(Rule.quoted("x", 1025))}}"#: "maxLength(1024)"]),
    Rule(
        "log.event", accepts: [#"{"dataset":"x"}"#],
        rejects: [#"{"dataset":\#(Rule.quoted("x", 1025))}"#: "maxLength(1024)"]),
]
