import HTTPTypes
import Hummingbird
import TraceCore

extension ElasticRoutes {
    /// Notes that nothing of a request was taken, and why.
    ///
    /// - Parameters:
    ///   - reason: What its sender was told, without what varies with what it sent.
    ///   - time: When it came, µs since the epoch.
    ///   - service: The service that sent it, where that is known.
    func noteLoss(of request: Request, _ reason: String, at time: Int64, service: String? = nil) async {
        var tally = LossTally()
        let offender = LossTally.Offender(
            time: time, service: service, line: nil, document: Array(Self.beginning(of: request).utf8))
        tally.note(reason, .requests, offender)
        await losses(tally)
    }

    /// What of the beginning of a request helps to find its sender: agents name their service in `User-Agent`.
    /// A query and other headers may hold credentials.
    private static func beginning(of request: Request) -> String {
        var text = "\(request.method.rawValue) \(request.uri.path)"
        for name in [HTTPField.Name.userAgent, .contentType, .contentEncoding] {
            if let value = request.headers[name] { text += "\n\(name): \(value)" }
        }
        return text
    }
}
