/// Stable stand-ins for user ids: the same id has the same one in every export, and none leads back to its id.
///
/// The first 64 bits of HMAC-SHA-256 over the id's UTF-8. Without a key, whoever can guess an id can check the guess.
package struct Pseudonyms: Sendable {
    private let key: [UInt8]

    /// `key` is a secret that others don't know; it may be empty.
    package init(key: String) { self.key = Array(key.utf8) }

    /// What stands for a user id.
    package func pseudonym(of user: String) -> String {
        let code = SHA256.authenticationCode(of: Array(user.utf8), key: key)
        let digits = Array("0123456789abcdef")
        return code.prefix(8).reduce(into: "user-") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
