import HTTPTypes
import Hummingbird
import NIOCore
import TraceIntake

/// What a request is answered with, before it is known how the client wants to read it.
struct Answer {
    var status: HTTPResponse.Status
    /// The body; nil for none.
    private var text: String?
    /// What the body is; nil is JSON, for those who take it.
    private var type: String?
    var headers = HTTPFields()
    /// What the request brought, where it was one for events.
    var tally = RequestTally()

    init(_ status: HTTPResponse.Status, json: String? = nil) {
        self.status = status
        text = json
    }

    /// An answer that is no JSON.
    init(_ status: HTTPResponse.Status, text: String, type: String) {
        self.status = status
        self.text = text
        self.type = type
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

    /// The same answer, to a request that brought this.
    func counting(_ tally: RequestTally) -> Answer {
        var answer = self
        answer.tally = tally
        return answer
    }

    /// Tells the client that the connection ends with this answer; `ConnectionRules` sees to it.
    mutating func closeConnection() { headers[.connection] = "Close" }

    /// The answer as this request wants it.
    func response(to request: Request) -> Response {
        var response = Response(status: status, headers: headers)
        response.headers[.xContentTypeOptions] = "nosniff"
        guard let text else { return response }
        let accepted = request.headers[.accept] ?? ""
        let takesJSON = accepted.contains("*/*") || accepted.contains("application/json")
        response.headers[.contentType] = type ?? (takesJSON ? "application/json" : "text/plain; charset=utf-8")
        response.body = ResponseBody(byteBuffer: ByteBuffer(string: type == nil ? text + "\n" : text))
        return request.method == .head ? response.createHeadResponse() : response
    }
}
