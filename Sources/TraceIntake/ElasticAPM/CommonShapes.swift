/// The objects that several kinds of event share.
enum CommonShapes {
    static var user: Shape {
        Shape([
            Field("domain", .text),
            Field("id", .textOrInteger, as: .userID),
            Field("email", .text),
            Field("username", .text),
        ])
    }

    static var otel: Shape {
        Shape([Field("attributes", .map), Field("span_kind", .anyText)])
    }

    static var link: Shape {
        Shape([Field("span_id", .text, .required), Field("trace_id", .text, .required)])
    }

    static var faas: Shape {
        Shape([
            Field("id", .anyText),
            Field("execution", .anyText),
            Field("trigger", .object(Shape([Field("type", .anyText), Field("request_id", .anyText)]))),
            Field("name", .anyText),
            Field("version", .anyText),
            Field("coldstart", .boolean),
        ])
    }

    static var frame: Shape {
        Shape(
            [
                Field("vars", .map),
                Field("filename", .anyText),
                Field("abs_path", .anyText),
                Field("classname", .anyText),
                Field("context_line", .anyText),
                Field("function", .anyText),
                Field("module", .anyText),
                Field("post_context", .texts(atMost: .max)),
                Field("pre_context", .texts(atMost: .max)),
                Field("lineno", .integer()),
                Field("colno", .integer()),
                Field("library_frame", .boolean),
            ], anyOf: ["classname", "filename"])
    }

    static var message: Shape {
        Shape([
            Field("headers", .headers),
            Field("body", .anyText),
            Field("queue", .object(Shape([Field("name", .text)]))),
            Field("routing_key", .anyText),
            Field("age", .object(Shape([Field("ms", .integer(), as: .messageAge)]))),
        ])
    }

    /// `context.service`, which overrides the metadata's.
    static var service: Shape {
        Shape([
            Field(
                "agent",
                .object(Shape([Field("ephemeral_id", .text), Field("name", .text), Field("version", .text)]))),
            Field("environment", .text),
            Field("framework", .object(product)),
            Field("id", .anyText),
            Field("language", .object(product)),
            Field("name", .serviceName(atLeast: 0), as: .service),
            Field("node", .object(Shape([Field("configured_name", .text)]))),
            Field(
                "origin",
                .object(Shape([Field("id", .anyText), Field("name", .anyText), Field("version", .anyText)]))),
            Field("runtime", .object(product)),
            Field(
                "target",
                .object(Shape([Field("name", .anyText), Field("type", .anyText)], anyOf: ["type", "name"]))),
            Field("version", .text, as: .version),
        ])
    }

    private static var product: Shape {
        Shape([Field("name", .text), Field("version", .text)])
    }

    /// `context` of transactions and errors.
    static var context: Shape {
        Shape([
            Field("custom", .map),
            Field("tags", .labels),
            Field("service", .object(service)),
            Field("cloud", .object(Shape([Field("origin", .object(cloudOrigin))]))),
            Field("user", .object(user), as: .user),
            Field("page", .object(Shape([Field("referer", .anyText), Field("url", .anyText)]))),
            Field("request", .object(request)),
            Field("message", .object(message)),
            Field("response", .object(response)),
        ])
    }

    private static var cloudOrigin: Shape {
        Shape([
            Field("account", .object(Shape([Field("id", .anyText)]))),
            Field("provider", .anyText),
            Field("region", .anyText),
            Field("service", .object(Shape([Field("name", .anyText)]))),
        ])
    }

    private static var request: Shape {
        Shape([
            Field("cookies", .map),
            Field("env", .map),
            Field("body", .body),
            Field("headers", .headers),
            Field("url", .object(url)),
            Field("http_version", .text),
            Field("method", .text, .required),
            Field("socket", .object(Shape([Field("remote_address", .anyText), Field("encrypted", .boolean)]))),
        ])
    }

    private static var url: Shape {
        Shape([
            Field("port", .port),
            Field("full", .text),
            Field("hash", .text),
            Field("hostname", .text),
            Field("pathname", .text),
            Field("protocol", .text),
            Field("raw", .text),
            Field("search", .text),
        ])
    }

    private static var response: Shape {
        Shape([
            Field("headers", .headers),
            Field("status_code", .integer(), as: .statusCode),
            Field("transfer_size", .integer()),
            Field("decoded_body_size", .integer()),
            Field("encoded_body_size", .integer()),
            Field("finished", .boolean),
            Field("headers_sent", .boolean),
        ])
    }
}
