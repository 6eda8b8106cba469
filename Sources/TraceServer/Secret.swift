/// A secret, or a guess at one. It prints as nothing, so that no message, log or dump of a value holds it.
struct Secret: Sendable {
    /// Bytes of the longest secret there may be.
    static let longest = 1_024

    /// Eight bytes in each, as many as the longest takes; zeros behind its own.
    private let words: [UInt64]
    /// How many bytes it has; more than `longest` of a guess that is too long.
    private let count: Int

    init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        var words = [UInt64](repeating: 0, count: Self.longest / 8)
        for (index, byte) in bytes.prefix(Self.longest).enumerated() {
            words[index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
        }
        self.words = words
    }

    /// 1 where both are the same, else 0. It takes the same time whatever they are, and chooses no way by their bytes:
    /// neither how much of a guess is right nor how long the secret is shows in the time of an answer.
    private func isSame(as other: Secret) -> UInt64 {
        var difference = UInt64(truncatingIfNeeded: count ^ other.count)
        for (one, two) in zip(words, other.words) { difference |= one ^ two }
        return ((difference | (0 &- difference)) >> 63) ^ 1
    }

    /// Whether it is one of these; all of them are looked at.
    func isAmong(_ secrets: [Secret]) -> Bool {
        var found: UInt64 = 0
        for secret in secrets { found |= isSame(as: secret) }
        return found != 0
    }
}

extension Secret: CustomStringConvertible, CustomReflectable {
    var description: String { "a secret" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
