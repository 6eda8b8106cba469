import HTTPTypes
import Hummingbird
import NIOCore
import TraceIntake

/// What a request is answered with, before it is known how the client wants to read it.
struct Answer {
    var status: HTTPResponse.Status
    /// The body; nil for none.
    var json: String?
    var headers = HTTPFields()

    init(_ status: HTTPResponse.Status, json: String? = nil) {
        self.status = status
        self.json = json
    }

    /// A failure that has nothing to do with a stream of events.
    static func error(_ status: HTTPResponse.Status, _ message: String) -> Answer {
        Answer(status, json: JSONText.object([("error", JSONText.string(message))]))
    }

    /// What the intake says of a stream: how many events it took, and why it did not take others.
    static func intake(_ status: HTTPResponse.Status, accepted: Int, errors: [IntakeError]) -> Answer {
        var members = [(key: "accepted", value: String(accepted))]
        if !errors.isEmpty {
            let errors = errors.map { error in
                var members = [(key: "message", value: JSONText.string(error.message))]
                if let document = error.document { members.append(("document", JSONText.string(document))) }
                return JSONText.object(members)
            }
            members.append(("errors", JSONText.array(errors)))
        }
        return Answer(status, json: JSONText.object(members))
    }

    /// An intake request that failed as a whole.
    static func intakeError(_ status: HTTPResponse.Status, _ message: String) -> Answer {
        intake(status, accepted: 0, errors: [IntakeError(message: message, document: nil, line: 0)])
    }

    /// Tells the client that the connection ends with this answer; `ConnectionRules` sees to it.
    mutating func closeConnection() { headers[.connection] = "Close" }

    /// The answer as this request wants it.
    func response(to request: Request) -> Response {
        var response = Response(status: status, headers: headers)
        response.headers[.xContentTypeOptions] = "nosniff"
        guard let json else { return response }
        let accepted = request.headers[.accept] ?? ""
        let takesJSON = accepted.contains("*/*") || accepted.contains("application/json")
        response.headers[.contentType] = takesJSON ? "application/json" : "text/plain; charset=utf-8"
        response.body = ResponseBody(byteBuffer: ByteBuffer(string: json + "\n"))
        return request.method == .head ? response.createHeadResponse() : response
    }
}
