/// The table of transactions.
let transactionRules: [Rule] =
    [
        .text("transaction.id", required: "validation error: transaction: 'id' required"),
        .text("transaction.trace_id", required: "'trace_id' required"),
        .text("transaction.type", required: "'type' required"),
        .number("transaction.duration", from: 0, required: "'duration' required"),
        .integer("transaction.span_count.started", required: "'span_count' required"),
        .integer("transaction.span_count.dropped"),
        .text("transaction.name"),
        .text("transaction.result"),
        .text("transaction.parent_id"),
        .timestamp("transaction.timestamp"),
        .outcome("transaction.outcome"),
        .boolean("transaction.sampled"),
        .number("transaction.sample_rate"),
        Rule(
            "transaction.dropped_spans_stats",
            accepts: [
                "[]", #"[{"destination_service_resource":"x","outcome":"success"}]"#,
                #"[{"service_target_type":\#(Rule.quoted("x", 512)),"duration":{"count":1,"sum":{"us":0}}}]"#,
                #"[{"service_target_name":\#(Rule.quoted("é", 512))}]"#,
            ],
            rejects: [
                "[{}]": "transaction: dropped_spans_stats slice element required",
                "[null]": "dropped_spans_stats slice element required",
                #"[{"service_target_type":\#(Rule.quoted("x", 513))}]"#: "dropped_spans_stats: 'service_target_type'",
                #"[{"service_target_name":\#(Rule.quoted("x", 513))}]"#: "maxLength(512)",
                #"[{"destination_service_resource":\#(Rule.quoted("x", 1025))}]"#: "maxLength(1024)",
                #"[{"outcome":"maybe"}]"#: "dropped_spans_stats: 'outcome'",
                #"[{"duration":{"count":0}}]"#: "dropped_spans_stats: duration: 'count': validation rule 'min(1)'",
                #"[{"duration":{"count":1,"sum":{"us":-1}}}]"#: "duration: sum: 'us': validation rule 'min(0)'",
                "{}": "expected an array",
            ]),
        links("transaction.links"),
        .text("transaction.session.id"),
        Rule(
            "transaction.session", accepts: ["{}", #"{"id":"x"}"#, #"{"id":"x","sequence":1}"#],
            rejects: [#"{"sequence":1}"#: "session: 'id' required", #"{"id":"x","sequence":0}"#: "min(1)"]),
        .number("transaction.experience.cls", from: 0),
        .number("transaction.experience.fid", from: 0),
        .number("transaction.experience.tbt", from: 0),
        Rule(
            "transaction.experience.longtask", accepts: ["{}", #"{"count":0,"sum":0.5,"max":1}"#],
            rejects: [
                #"{"sum":1,"max":1}"#: "experience: longtask: 'count' required",
                #"{"count":1,"max":1}"#: "'sum' required",
                #"{"count":1,"sum":1}"#: "'max' required", #"{"count":1,"sum":-1,"max":1}"#: "min(0)",
            ]),
        Rule(
            "transaction.marks", accepts: ["{}", #"{"agent":{"ttfb":1.5,"x":null},"b":null}"#],
            rejects: [
                "5": "expected an object", #"{"a":1}"#: "expected an object", #"{"a":{"b":"c"}}"#: "expected a number",
            ]),
        .anyText("transaction.otel.span_kind"),
        .map("transaction.otel.attributes"),
    ] + faasRules("transaction.faas") + contextRules("transaction.context") + messageRules("transaction.context")
    + serviceRules("transaction.context")

/// The members of a transaction's, and an error's, context.
func contextRules(_ context: String) -> [Rule] {
    [
        .labels("\(context).tags"),
        .textOrInteger("\(context).user.id"),
        .text("\(context).user.username"),
        .text("\(context).user.email"),
        .text("\(context).user.domain"),
        .map("\(context).custom"),
        .anyText("\(context).page.referer"),
        .anyText("\(context).page.url"),
        .anyText("\(context).cloud.origin.provider"),
        .anyText("\(context).cloud.origin.account.id"),
        .anyText("\(context).cloud.origin.region"),
        .anyText("\(context).cloud.origin.service.name"),
        .text("\(context).request.method"),
        Rule(
            "\(context).request",
            accepts: ["{}", #"{"method":"GET","body":"x"}"#, #"{"method":"GET","body":{"a":[]}}"#, #"{"cookies":{}}"#]
                + [#""cookies":{"a":[5]},"env":{"b":{}}"#, #""headers":{"a":["b"]},"http_version":"1.1""#]
                .map { "{\"method\":\"\",\($0),\"socket\":{\"encrypted\":true,\"remote_address\":\"x\"}}" },
            rejects: [
                #"{"url":{"full":"x"}}"#: "context: request: 'method' required",
                #"{"headers":{}}"#: "'method' required",
                #"{"method":"GET","body":5}"#: "'body': validation rule 'inputTypes(string;object)' violated",
                #"{"method":"GET","body":[]}"#: "inputTypes(string;object)",
                #"{"method":"GET","headers":{"a":null}}"#: "expected a string or an array of strings",
                #"{"method":"GET","cookies":5}"#: "expected an object",
                #"{"method":"GET","env":5}"#: "expected an object",
                #"{"method":"GET","http_version":\#(Rule.quoted("1", 1025))}"#: "'http_version'",
                #"{"method":"GET","socket":{"encrypted":1}}"#: "expected true or false",
                #"{"method":"GET","socket":{"remote_address":1}}"#: "expected a string",
            ]),
        Rule(
            "\(context).request",
            accepts: [#"{"method":"GET","url":{"port":443}}"#, #"{"method":"GET","url":{"port":"443"}}"#],
            rejects: [
                #"{"method":"GET","url":{"port":"x"}}"#: "url: 'port': validation rule 'targetType(int)' violated",
                #"{"method":"GET","url":{"port":""}}"#: "targetType(int)",
                #"{"method":"GET","url":{"port":1.5}}"#: "inputTypes(string;int)",
            ]),
        .headers("\(context).response.headers"),
        .integer("\(context).response.status_code"),
        .integer("\(context).response.transfer_size"),
        .integer("\(context).response.decoded_body_size"),
        .integer("\(context).response.encoded_body_size"),
        .boolean("\(context).response.finished"),
        .boolean("\(context).response.headers_sent"),
    ]
        + ["full", "raw", "hostname", "pathname", "search", "hash", "protocol"].map { part in
            Rule(
                "\(context).request", accepts: [#"{"method":"GET","url":{"\#(part)":"x"}}"#],
                rejects: [
                    #"{"method":"GET","url":{"\#(part)":\#(Rule.quoted("x", 1025))}}"#: "url: '\(part)'",
                    #"{"method":"GET","url":{"\#(part)":5}}"#: "expected a string",
                ])
        }
}

/// The message that a transaction or a span came from.
func messageRules(_ context: String) -> [Rule] {
    [
        .text("\(context).message.queue.name"),
        .integer("\(context).message.age.ms"),
        .anyText("\(context).message.routing_key"),
        .anyText("\(context).message.body"),
        .headers("\(context).message.headers"),
    ]
}

/// The service that an event names.
func serviceRules(_ context: String) -> [Rule] {
    [
        .serviceName("\(context).service.name"),
        .text("\(context).service.version"),
        .text("\(context).service.environment"),
        .anyText("\(context).service.id"),
        .text("\(context).service.agent.name"),
        .text("\(context).service.agent.version"),
        .text("\(context).service.agent.ephemeral_id"),
        .text("\(context).service.node.configured_name"),
        .text("\(context).service.framework.name"),
        .text("\(context).service.framework.version"),
        .text("\(context).service.language.name"),
        .text("\(context).service.language.version"),
        .text("\(context).service.runtime.name"),
        .text("\(context).service.runtime.version"),
        .anyText("\(context).service.origin.id"),
        .anyText("\(context).service.origin.name"),
        .anyText("\(context).service.origin.version"),
        .anyText("\(context).service.target.type"),
        .anyText("\(context).service.target.name"),
    ]
}

/// The function that an event ran in.
func faasRules(_ path: String) -> [Rule] {
    ["id", "execution", "name", "version", "trigger.type", "trigger.request_id"].map { .anyText("\(path).\($0)") }
        + [.boolean("\(path).coldstart")]
}

func links(_ path: String) -> Rule {
    Rule(
        path, accepts: ["[]", #"[{"span_id":"a","trace_id":"b"},{"span_id":"","trace_id":""}]"#],
        rejects: [
            #"[{"span_id":"a"}]"#: "links: 'trace_id' required", #"[{"trace_id":"a"}]"#: "links: 'span_id' required",
            "[{}]": "links slice element required", "[5]": "expected an object",
            #"[{"span_id":"a","trace_id":"b"},{"span_id":"a","trace_id":\#(Rule.quoted("x", 1025))}]"#:
                "maxLength(1024)",
        ])
}
