/// Decides whether a request may be served, by its `Authorization` header.
///
/// A credential is `<scheme> <secret>`; every scheme that is understood is one case of `check`.
struct Authentication: Sendable {
    /// What `Bearer` has to carry; nil lets everyone in.
    let secretToken: String?

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
        guard let secretToken else { return .granted }
        guard let header, let space = header.firstIndex(of: " ") else {
            return .refused(
                Refusal(
                    "authentication failed: missing or improperly formatted Authorization header: expected "
                        + "'Authorization: Bearer secret_token' or "
                        + "'Authorization: ApiKey base64(API key ID:API key)'"))
        }
        let scheme = header[..<space]
        switch scheme.lowercased() {
        case "bearer":
            let isSame = Self.isSame(header[header.index(after: space)...], as: secretToken)
            return isSame ? .granted : .refused(Refusal("authentication failed"))
        case "apikey":
            return .refused(Refusal("authentication failed"))
        default:
            return .refused(Refusal("authentication failed: unknown Authentication header", detail: " \(scheme)"))
        }
    }

    /// Compares two texts in a time that depends on the length of what was sent only, so that answers
    /// do not tell how much of a guess was right.
    private static func isSame(_ guess: Substring, as secret: String) -> Bool {
        let secret = Array(secret.utf8)
        var difference = guess.utf8.count ^ secret.count
        for (index, byte) in guess.utf8.enumerated() {
            let expected = secret.isEmpty ? 0 : secret[index % secret.count]
            difference |= Int(byte ^ expected)
        }
        return difference == 0
    }
}
