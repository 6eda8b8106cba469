#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Decides whether a request may be served, by its `Authorization` header.
///
/// A credential is `<scheme> <secret>`; every scheme that is understood is one case of `check`.
struct Authentication: Sendable {
    /// One of these has to be shown; where there is none, everyone is let in.
    let credentials: Credentials

    enum Verdict: Equatable {
        case granted
        case refused(Refusal)
    }

    struct Refusal: Equatable {
        /// For the client.
        let message: String
        /// The message without what the client sent, which may be a credential out of its place.
        let reason: String

        init(_ reason: String, detail: String = "") {
            message = reason + detail
            self.reason = reason
        }
    }

    func check(_ header: String?) -> Verdict {
        guard !credentials.isEmpty else { return .granted }
        guard let header, let space = header.firstIndex(of: " ") else {
            return Self.refused(": missing or improperly formatted Authorization header: \(Self.expected)")
        }
        let scheme = header[..<space]
        let shown = header[header.index(after: space)...]
        switch scheme.lowercased() {
        case "bearer":
            return Secret(shown.utf8).isAmong(credentials.secretTokens) ? .granted : Self.refused()
        case "apikey":
            guard !credentials.apiKeys.isEmpty else { return Self.refused() }
            // Foundation overlooks padding that is one too many.
            guard shown.utf8.count.isMultiple(of: 4), let key = Data(base64Encoded: String(shown)) else {
                return Self.refused(": improperly encoded ApiKey credentials: expected base64(ID:APIKey)")
            }
            guard key.contains(UInt8(ascii: ":")) else {
                return Self.refused(": improperly formatted ApiKey credentials: expected base64(ID:APIKey)")
            }
            return Secret(key).isAmong(credentials.apiKeys) ? .granted : Self.refused()
        default:
            return Self.refused(": unknown Authentication header", detail: " \(scheme): \(Self.expected)")
        }
    }

    private static let expected =
        "expected 'Authorization: Bearer secret_token' or 'Authorization: ApiKey base64(API key ID:API key)'"

    private static func refused(_ why: String = "", detail: String = "") -> Verdict {
        .refused(Refusal("authentication failed\(why)", detail: detail))
    }
}
