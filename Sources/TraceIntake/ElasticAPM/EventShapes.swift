/// The lines of the protocol: what each may hold, in the order in which upstream checks it.
enum EventShapes {
    static var transaction: Shape {
        Shape([Field("transaction", .object(transactionBody), .required)])
    }

    private static var transactionBody: Shape {
        Shape([
            Field("marks", .marks),
            Field("timestamp", .timestamp, as: .timestamp),
            Field("otel", .object(CommonShapes.otel)),
            Field("links", .objects(CommonShapes.link)),
            Field("trace_id", .text, .required, as: .traceID),
            Field("id", .text, .required, as: .id),
            Field("parent_id", .text, as: .parentID),
            Field("name", .text, as: .name),
            Field("type", .text, .required, as: .type),
            Field("result", .text),
            Field("dropped_spans_stats", .objects(droppedSpans)),
            Field("outcome", .outcome, as: .outcome),
            Field("faas", .object(CommonShapes.faas)),
            Field(
                "session",
                .object(Shape([Field("id", .text, .required), Field("sequence", .integer(atLeast: 1))]))),
            Field("context", .object(CommonShapes.context)),
            Field("experience", .object(experience)),
            Field(
                "span_count",
                .object(
                    Shape([Field("dropped", .integer(), as: .dropped), Field("started", .integer(), .required)])),
                .required),
            Field("sample_rate", .number()),
            Field("duration", .number(atLeast: 0), .required, as: .duration),
            Field("sampled", .boolean, as: .sampled),
        ])
    }

    private static var droppedSpans: Shape {
        Shape([
            Field("destination_service_resource", .text),
            Field("service_target_type", .text(atMost: 512)),
            Field("service_target_name", .text(atMost: 512)),
            Field("outcome", .outcome),
            Field(
                "duration",
                .object(
                    Shape([
                        Field("count", .integer(atLeast: 1)),
                        Field("sum", .object(Shape([Field("us", .integer(atLeast: 0))]))),
                    ]))),
        ])
    }

    private static var experience: Shape {
        Shape([
            Field("cls", .number(atLeast: 0)),
            Field("fid", .number(atLeast: 0)),
            Field(
                "longtask",
                .object(
                    Shape([
                        Field("count", .integer(atLeast: 0), .required),
                        Field("max", .number(atLeast: 0), .required),
                        Field("sum", .number(atLeast: 0), .required),
                    ]))),
            Field("tbt", .number(atLeast: 0)),
        ])
    }

    static var span: Shape {
        Shape([Field("span", .object(spanBody), .required)])
    }

    private static var spanBody: Shape {
        Shape(
            [
                Field("timestamp", .timestamp, as: .timestamp),
                Field("otel", .object(CommonShapes.otel)),
                Field("id", .text, .required, as: .id),
                Field("trace_id", .text, .required, as: .traceID),
                Field("action", .text, as: .action),
                Field("name", .text, .required, as: .name),
                Field("outcome", .outcome, as: .outcome),
                Field("child_ids", .texts(atMost: 1024)),
                Field("parent_id", .text, .required, as: .parentID),
                Field("links", .objects(CommonShapes.link)),
                Field("stacktrace", .objects(CommonShapes.frame)),
                Field("type", .text, .required, as: .type),
                Field("subtype", .text, as: .subtype),
                Field("transaction_id", .text, as: .transactionID),
                Field("composite", .object(composite), as: .composite),
                Field("context", .object(spanContext)),
                Field("start", .number(), as: .start),
                Field("sample_rate", .number()),
                Field("duration", .number(atLeast: 0), .required, as: .duration),
                Field("sync", .boolean),
            ], anyOf: ["start", "timestamp"])
    }

    private static var composite: Shape {
        Shape([
            Field("compression_strategy", .anyText, .required),
            Field("count", .integer(atLeast: 2), .required),
            Field("sum", .number(atLeast: 0), .required),
        ])
    }

    private static var spanContext: Shape {
        Shape([
            Field("tags", .labels),
            Field("service", .object(CommonShapes.service)),
            Field("message", .object(CommonShapes.message)),
            Field("db", .object(database)),
            Field("destination", .object(destination)),
            Field("http", .object(http)),
        ])
    }

    private static var database: Shape {
        Shape([
            Field("instance", .anyText),
            Field("link", .text),
            Field("statement", .anyText),
            Field("type", .anyText),
            Field("user", .anyText),
            Field("rows_affected", .integer()),
        ])
    }

    private static var destination: Shape {
        Shape([
            Field(
                "service",
                .object(
                    Shape([Field("name", .text), Field("resource", .text, .required), Field("type", .text)]))),
            Field("address", .text),
            Field("port", .integer()),
        ])
    }

    private static var http: Shape {
        Shape([
            Field("request", .object(Shape([Field("id", .anyText), Field("body", .any)]))),
            Field("method", .text),
            Field("url", .anyText),
            Field(
                "response",
                .object(
                    Shape([
                        Field("headers", .headers),
                        Field("decoded_body_size", .integer()),
                        Field("encoded_body_size", .integer()),
                        Field("status_code", .integer()),
                        Field("transfer_size", .integer()),
                    ]))),
            Field("status_code", .integer(), as: .statusCode),
        ])
    }
}
