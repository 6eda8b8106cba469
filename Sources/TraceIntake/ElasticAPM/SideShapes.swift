/// The lines that are counted and kept where they came: errors, metricsets and logs.
enum SideShapes {
    static var error: Shape {
        Shape([Field("error", .object(errorBody), .required)])
    }

    private static var errorBody: Shape {
        Shape(
            [
                Field("timestamp", .timestamp, as: .timestamp),
                Field("log", .object(errorLog)),
                Field("culprit", .text),
                Field("id", .text, .required, as: .id),
                Field("parent_id", .text, .requiredWith(["transaction_id", "trace_id"]), as: .parentID),
                Field("trace_id", .text, .requiredWith(["transaction_id", "parent_id"]), as: .traceID),
                Field("transaction_id", .text, as: .transactionID),
                Field("exception", .object(exception)),
                Field(
                    "transaction",
                    .object(Shape([Field("name", .text), Field("type", .text), Field("sampled", .boolean)]))),
                Field("context", .object(CommonShapes.context)),
            ], anyOf: ["exception", "log"])
    }

    private static var errorLog: Shape {
        Shape([
            Field("level", .text),
            Field("logger_name", .text),
            Field("message", .anyText, .required),
            Field("param_message", .text),
            Field("stacktrace", .objects(CommonShapes.frame)),
        ])
    }

    private static var exception: Shape {
        Shape(
            [
                Field("attributes", .map),
                Field("code", .textOrInteger),
                Field("cause", .causes),
                Field("stacktrace", .objects(CommonShapes.frame)),
                Field("message", .anyText),
                Field("module", .text),
                Field("type", .text),
                Field("handled", .boolean),
            ], anyOf: ["message", "type"])
    }

    static var metricset: Shape {
        Shape([Field("metricset", .object(metricsetBody), .required)])
    }

    private static var metricsetBody: Shape {
        Shape([
            Field("timestamp", .timestamp, as: .timestamp),
            Field("samples", .samples(sample), .required),
            Field("span", .object(Shape([Field("subtype", .text), Field("type", .text)]))),
            Field("tags", .labels),
            Field("transaction", .object(Shape([Field("name", .text), Field("type", .text)])), as: .transaction),
            Field("service", .object(Shape([Field("name", .text), Field("version", .text)]))),
            Field("faas", .object(CommonShapes.faas)),
        ])
    }

    private static var sample: Shape {
        Shape(
            [
                Field("type", .anyText),
                Field("unit", .anyText),
                Field("values", .numbers, .requiredWith(["counts"])),
                Field("counts", .counts, .requiredWith(["values"])),
                Field("value", .number()),
            ], anyOf: ["value", "values"])
    }

    static var log: Shape {
        Shape([Field("log", .object(logBody), .required)])
    }

    /// Members are sent flat, such as `log.level`, or nested in maps, where what is no text doesn't count.
    private static var logBody: Shape {
        Shape([
            Field("labels", .labels),
            Field("@timestamp", .timestamp, as: .timestamp),
            Field("service.name", .text),
            Field("service.version", .text),
            Field("service.environment", .text),
            Field("service.node.name", .text),
            Field("service", .object(logService)),
            Field("error.type", .anyText),
            Field("error.message", .anyText),
            Field("error.stack_trace", .anyText),
            Field("error", .map),
            Field("event.dataset", .text),
            Field("event", .object(Shape([Field("dataset", .textIfAny(atMost: 1024))], countsUnknownMembers: true))),
            Field("process.thread.name", .text),
            Field("process", .object(logProcess)),
            Field("trace.id", .text, as: .traceID),
            Field("transaction.id", .text, as: .transactionID),
            Field("span.id", .text, as: .parentID),
            Field("message", .anyText),
            Field("faas", .object(CommonShapes.faas)),
            Field("log.level", .text),
            Field("log.logger", .text),
            Field("log.origin.file.name", .text),
            Field("log.origin.function", .anyText),
            Field("log.origin.file.line", .integer()),
            Field("log", .object(logDetails)),
        ])
    }

    private static var logService: Shape {
        Shape(
            [
                Field("name", .textIfAny(atMost: 1024)),
                Field("version", .textIfAny(atMost: 1024)),
                Field("environment", .textIfAny(atMost: 1024)),
                Field("node", .objectIfAny(Shape([Field("name", .textIfAny(atMost: 1024))]))),
            ], countsUnknownMembers: true)
    }

    private static var logProcess: Shape {
        Shape(
            [Field("thread", .objectIfAny(Shape([Field("name", .textIfAny(atMost: 1024))])))],
            countsUnknownMembers: true)
    }

    private static var logDetails: Shape {
        let file = Shape([Field("name", .textIfAny(atMost: 1024))])
        return Shape(
            [
                Field("level", .textIfAny(atMost: 1024)),
                Field("logger", .textIfAny(atMost: 1024)),
                Field("origin", .objectIfAny(Shape([Field("file", .objectIfAny(file))]))),
            ], countsUnknownMembers: true)
    }
}
