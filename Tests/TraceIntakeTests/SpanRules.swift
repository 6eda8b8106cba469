/// The table of spans.
let spanRules: [Rule] =
    [
        .text("span.id", required: "validation error: span: 'id' required"),
        .text("span.trace_id", required: "'trace_id' required"),
        .text("span.parent_id", required: "'parent_id' required"),
        .text("span.name", required: "'name' required"),
        .text("span.type", required: "'type' required"),
        .number("span.duration", from: 0, required: "'duration' required"),
        Rule(
            "span.timestamp", accepts: ["0", "\"2017-05-30T18:53:27.154Z\""], rejects: ["1.0": "expected an integer"],
            required: "span: requires at least one of the fields 'start;timestamp'"),
        .number("span.start"),
        .text("span.transaction_id"),
        .text("span.subtype"),
        .text("span.action"),
        .outcome("span.outcome"),
        .boolean("span.sync"),
        .number("span.sample_rate"),
        Rule(
            "span.composite", accepts: ["{}", #"{"count":2,"sum":0,"compression_strategy":"exact_match"}"#],
            rejects: [
                #"{"count":1,"sum":0,"compression_strategy":"x"}"#:
                    "composite: 'count': validation rule 'min(2)' violated",
                #"{"count":2,"sum":-1,"compression_strategy":"x"}"#: "'sum': validation rule 'min(0)' violated",
                #"{"count":2,"sum":1}"#: "'compression_strategy' required",
                #"{"sum":1,"compression_strategy":"x"}"#: "'count' required",
                #"{"count":2,"compression_strategy":"x"}"#: "'sum' required",
            ]),
        links("span.links"),
        .anyText("span.otel.span_kind"),
        .map("span.otel.attributes"),
        Rule(
            "span.child_ids", accepts: ["[]", #"["a",null]"#],
            rejects: ["[5]": "expected a string", #"["a",\#(Rule.quoted("x", 1025))]"#: "'child_ids': validation rule"]),
        stacktrace("span.stacktrace"),
        .anyText("span.context.db.statement"),
        .anyText("span.context.db.instance"),
        .anyText("span.context.db.type"),
        .anyText("span.context.db.user"),
        .text("span.context.db.link"),
        .integer("span.context.db.rows_affected"),
        .text("span.context.destination.address"),
        .integer("span.context.destination.port"),
        .text("span.context.destination.service.resource"),
        Rule(
            "span.context.destination.service", accepts: ["{}", #"{"resource":"x","name":"","type":""}"#],
            rejects: [
                #"{"name":"x"}"#: "context: destination: service: 'resource' required",
                #"{"resource":"x","name":\#(Rule.quoted("x", 1025))}"#: "service: 'name'",
                #"{"resource":"x","type":5}"#: "expected a string",
            ]),
        .anyText("span.context.http.url"),
        .text("span.context.http.method"),
        .integer("span.context.http.status_code"),
        .anyText("span.context.http.request.id"),
        Rule(
            "span.context.http.request.body", accepts: ["\"x\"", "{}", "[1]"],
            rejects: ["tru": Rule.decodeError, "[": Rule.decodeError]),
        .headers("span.context.http.response.headers"),
        .integer("span.context.http.response.status_code"),
        .integer("span.context.http.response.transfer_size"),
        .integer("span.context.http.response.decoded_body_size"),
        .integer("span.context.http.response.encoded_body_size"),
        .labels("span.context.tags"),
    ] + messageRules("span.context") + serviceRules("span.context")

func stacktrace(_ path: String) -> Rule {
    let parent = path.split(separator: ".").dropFirst().dropLast().map { "\($0): " }.joined()
    let frame =
        #"{"filename":"a.py","lineno":1,"colno":2,"function":"f","module":"m","abs_path":"/a.py","#
        + #""library_frame":true,"context_line":"x","pre_context":["a"],"post_context":["b",null],"vars":{"a":[]}}"#
    return Rule(
        path, accepts: ["[]", "[\(frame)]", #"[{"classname":"C"},{"filename":""}]"#],
        rejects: [
            #"[{"classname":"C"},{"function":"f"}]"#:
                "\(parent)stacktrace: requires at least one of the fields 'classname;filename'",
            "[{}]": "stacktrace slice element required", "[null]": "stacktrace slice element required",
            #"[{"filename":"a","lineno":1.5}]"#: "expected an integer", #"[{"filename":5}]"#: "expected a string",
            #"[{"filename":"a","vars":5}]"#: "expected an object",
            #"[{"filename":"a","pre_context":[5]}]"#: "expected a string",
            #"[{"filename":"a","library_frame":1}]"#: "expected true or false", "{}": "expected an array",
            #"[{"filename":"a","abs_path":5}]"#: "abs_path: expected a string",
            #"[{"filename":"a","colno":"1"}]"#: "colno: expected an integer",
            #"[{"filename":"a","context_line":[]}]"#: "context_line: expected a string",
            #"[{"filename":"a","module":true}]"#: "module: expected a string",
            #"[{"filename":"a","post_context":{}}]"#: "post_context: expected an array",
        ])
}
