/// What clients may show to be let in: any one of some secret tokens and API keys. Where there is none, everyone is.
package struct Credentials: Sendable {
    private(set) var secretTokens: [Secret] = []
    private(set) var apiKeys: [Secret] = []

    /// More of them than anyone needs; a request is compared with each.
    package static let most = 256

    package init() {}

    package var isEmpty: Bool { secretTokens.isEmpty && apiKeys.isEmpty }

    /// Adds what `Authorization: Bearer` may carry. Blanks around it do not count.
    package mutating func addSecretToken(_ text: some StringProtocol) throws(CredentialError) {
        secretTokens.append(Secret(try checked(text)))
    }

    /// Adds what `Authorization: ApiKey` may carry in base64, `ID:KEY`. Blanks around it do not count.
    package mutating func addAPIKey(_ text: some StringProtocol) throws(CredentialError) {
        let key = try checked(text)
        guard let colon = key.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon < key.count - 1 else {
            throw .noAPIKey
        }
        apiKeys.append(Secret(key))
    }

    private func checked(_ text: some StringProtocol) throws(CredentialError) -> [UInt8] {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == 13 }
        let bytes = text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed().map { $0 }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { throw .unprintable }
        guard bytes.count <= Secret.longest else { throw .tooLong }
        guard secretTokens.count + apiKeys.count < Self.most else { throw .tooMany }
        return bytes
    }
}

/// Why a text is no credential; it never quotes it.
package enum CredentialError: Error, Equatable {
    case empty
    case unprintable
    case tooLong
    case noAPIKey
    case tooMany
}

extension CredentialError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "a credential is empty"
        case .unprintable: "a credential has characters that are not printable ASCII"
        case .tooLong: "a credential is longer than \(Secret.longest) bytes"
        case .noAPIKey: "an API key is written ID:KEY"
        case .tooMany: "there are more than \(Credentials.most) credentials"
        }
    }
}
