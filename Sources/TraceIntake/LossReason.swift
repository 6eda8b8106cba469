/// The part of a message that says why, without what varies with the input: the same mistake has the same reason,
/// whatever was sent.
enum LossReason {
    static func of(_ message: String) -> String {
        if message.hasPrefix(unknownType) { return unknownType }
        if message.hasPrefix(brokenOff) { return firstClauses(2, of: message) }
        // Behind this comes a label's key.
        if let key = message.firstRange(of: " for key ") { return String(message[..<key.lowerBound]) }
        return withoutRepetition("cause.", withoutRepetition("cause: ", message))
    }

    /// How the message begins that a line's type is unknown; the type follows.
    static let unknownType = "did not recognize object type"
    /// How the message begins that a body broke off; what happened follows, and then perhaps how a system words it.
    static let brokenOff = "cannot handle stream"

    /// Why an event of a file is rejected whose stream begins with metadata that is not valid.
    static let withoutMetadata = "the metadata of its stream was rejected"

    private static func firstClauses(_ count: Int, of message: String) -> String {
        message.split(separator: ": ", maxSplits: count, omittingEmptySubsequences: false).prefix(count)
            .joined(separator: ": ")
    }

    /// Causes have causes, as many as a sender likes; the mistake in them is the same.
    private static func withoutRepetition(_ part: String, _ message: String) -> String {
        var message = message
        while message.contains(part + part) { message.replace(part + part, with: part) }
        return message
    }
}
