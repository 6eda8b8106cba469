@testable import TraceServer

/// Of credentials, and of all that takes no events.
extension Scenario {
    private static let missing =
        "authentication failed: missing or improperly formatted Authorization header: expected "
        + "'Authorization: Bearer secret_token' or 'Authorization: ApiKey base64(API key ID:API key)'"

    static func access(_ errors: [UInt8]) -> [Scenario] {
        [
            Scenario(
                name: "no-auth-header", body: errors, secretToken: "secret", status: 401,
                answer: #"{"error":"\#(missing)"}"#,
                loss: missing),
            Scenario(
                name: "no-auth-header no-scheme", headers: ["Authorization": "secret"], body: errors,
                secretToken: "secret",
                status: 401, answer: #"{"error":"\#(missing)"}"#,
                loss: missing),
            Scenario(
                name: "wrong-token", headers: ["Authorization": "Bearer wrong"], body: errors, secretToken: "secret",
                status: 401, answer: #"{"error":"authentication failed"}"#,
                loss: "authentication failed"),
            Scenario(
                name: "wrong-token prefix", headers: ["Authorization": "Bearer secre"], body: errors,
                secretToken: "secret",
                status: 401, answer: #"{"error":"authentication failed"}"#,
                loss: "authentication failed"),
            Scenario(
                name: "wrong-token repeated", headers: ["Authorization": "Bearer secretsecret"], body: errors,
                secretToken: "secret", status: 401, answer: #"{"error":"authentication failed"}"#,
                loss: "authentication failed"),
            Scenario(
                name: "wrong-token api-key", headers: ["Authorization": "ApiKey c2VjcmV0"], body: errors,
                secretToken: "secret",
                status: 401, answer: #"{"error":"authentication failed"}"#,
                loss: "authentication failed"),
            Scenario(
                name: "wrong-scheme", headers: ["Authorization": "Basic abc"], body: errors, secretToken: "secret",
                status: 401, errorPrefix: "authentication failed: unknown Authentication header Basic",
                loss: "authentication failed: unknown Authentication header"),
            Scenario(
                name: "right-token", path: "/intake/v2/events?verbose", headers: ["Authorization": "Bearer secret"],
                body: errors, secretToken: "secret", status: 202, answer: #"{"accepted":5}"#),
            Scenario(
                name: "rum-off", path: "/intake/v2/rum/events", body: errors, status: 403,
                errorPrefix: "forbidden request: RUM endpoint is disabled.",
                loss: "forbidden request: RUM endpoint is disabled."),
            Scenario(
                name: "rum-off v3", path: "/intake/v3/rum/events", body: errors, status: 403,
                errorPrefix: "forbidden request: RUM endpoint is disabled.",
                loss: "forbidden request: RUM endpoint is disabled."),
            Scenario(
                name: "config-no-auth", method: "GET", path: "/config/v1/agents?service.name=x", secretToken: "secret",
                status: 401, answer: #"{"error":"\#(missing)"}"#),
            Scenario(
                name: "rum-origin", path: "/intake/v2/rum/events", headers: ["Origin": "http://example.org"],
                body: errors,
                status: 403,
                answer: #"{"error":"forbidden request: RUM endpoint is disabled. This server takes events of backend "#
                    + #"agents only; a page that has no RUM agent can ignore this. "#
                    + #"origin: 'http://example.org' is not allowed"}"#,
                loss: "forbidden request: RUM endpoint is disabled."),
            Scenario(
                name: "rum-preflight", method: "OPTIONS", path: "/intake/v2/rum/events",
                headers: ["Origin": "http://example.org", "Access-Control-Request-Method": "POST"], status: 403,
                errorPrefix: "forbidden request: RUM endpoint is disabled."),
        ]
    }

    static let information: [Scenario] = [
        Scenario(
            name: "root", method: "GET", path: "/", status: 200,
            answer: #"{"build_date":"1970-01-01T00:00:00Z","build_sha":"unknown","publish_ready":true,"#
                + #""version":"8.19.0"}"#),
        Scenario(name: "root-anonymous", method: "GET", path: "/", secretToken: "secret", status: 200, answer: ""),
        Scenario(
            name: "root-anonymous wrong", method: "GET", path: "/", headers: ["Authorization": "Bearer no"],
            secretToken: "secret", status: 200, answer: ""),
        Scenario(
            name: "root-post", path: "/", body: Array("x".utf8), status: 405,
            answer: #"{"error":"method not supported: POST"}"#),
        Scenario(
            name: "root-anonymous head", method: "HEAD", path: "/", secretToken: "secret", status: 200, answer: ""),
        Scenario(
            name: "root-post delete", method: "DELETE", path: "/", status: 405,
            answer: #"{"error":"method not supported: DELETE"}"#),
        Scenario(
            name: "not-found intake", path: "/intake/v1/events", body: Array("{}".utf8), status: 404,
            answer: #"{"error":"404 page not found"}"#, loss: "404 page not found"),
        Scenario(
            name: "not-found", method: "GET", path: "/foo", status: 404,
            answer: #"{"error":"404 page not found"}"#),
        Scenario(
            name: "otlp", path: "/v1/traces", body: Array("{}".utf8), status: 404,
            answer: #"{"error":"404 page not found"}"#, loss: "404 page not found"),
        Scenario(
            name: "config-none", method: "GET", path: "/config/v1/agents?service.name=x", status: 200,
            answer: "{}",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-none post", path: "/config/v1/agents",
            body: Array(#"{"service":{"name":"x","environment":"production"}}"#.utf8), status: 200, answer: "{}",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-304", method: "GET", path: "/config/v1/agents?service.name=x",
            headers: ["If-None-Match": #""-""#], status: 304, answer: "",
            answerHeaders: ["etag": #""-""#, "cache-control": "max-age=30, must-revalidate"]),
        Scenario(
            name: "config-no-service", method: "GET", path: "/config/v1/agents", status: 400,
            answer: #"{"error":"service.name is required"}"#,
            answerHeaders: ["cache-control": "max-age=300, must-revalidate"]),
        Scenario(
            name: "config-no-service post", path: "/config/v1/agents", body: Array("{\"service\":{}}".utf8),
            status: 400, answer: #"{"error":"service.name is required"}"#),
        Scenario(
            name: "config-304 post", path: "/config/v1/agents", headers: ["If-None-Match": #""-""#],
            body: Array(#"{"service":{"name":"x"}}"#.utf8), status: 304, answer: "",
            answerHeaders: ["etag": #""-""#]),
        Scenario(
            name: "config-other-etag", method: "GET", path: "/config/v1/agents?service.name=x",
            headers: ["If-None-Match": #""old""#], status: 200, answer: "{}"),
        Scenario(
            name: "config-no-service no-json", path: "/config/v1/agents", body: Array("service".utf8), status: 400,
            answer: #"{"error":"service.name is required"}"#),
        Scenario(
            name: "config-method", method: "PUT", path: "/config/v1/agents", status: 405,
            answer: #"{"error":"method not supported: PUT"}"#,
            answerHeaders: ["cache-control": "max-age=300, must-revalidate"]),
    ]
}
