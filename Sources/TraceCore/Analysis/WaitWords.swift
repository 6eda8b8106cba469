/// The words by which a runner says itself that a span is waiting
/// (source: "Wait span" of the definitions of wait and work).
package struct WaitWords: Sendable, Hashable {
    /// Compared with the dot-separated parts of type, subtype and action.
    package var typeParts: Set<String>
    /// Compared with the whole words of the name, where the type begins with one of `ownCodeTypes`.
    package var nameWords: Set<String>
    private static let ownCodeTypes: Set<String> = ["app", "custom", "code"]

    package static let standard = WaitWords(
        typeParts: ["wait", "queue", "lock", "semaphore", "throttle", "backoff"],
        nameWords: [
            "wait", "waiting", "acquire", "acquiring", "semaphore", "permit", "lock", "queued", "throttle", "backoff",
        ])

    /// Whether a dot-separated part of a type, subtype or action says that the span waits.
    func isWaitType(_ text: String) -> Bool {
        text.unicodeScalars.split(separator: ".").contains { typeParts.contains(String($0).lowercased()) }
    }

    /// Whether a type is one of the task's own code, whose spans are named freely.
    func isOwnCode(_ type: String) -> Bool {
        Self.ownCodeTypes.contains(String(type.unicodeScalars.prefix { $0 != "." }).lowercased())
    }

    /// Whether a name contains one of the words. Unicode letters and digits make words, all else parts them.
    func isWaitName(_ name: String) -> Bool {
        name.unicodeScalars.split { !$0.isWordScalar }
            .contains { nameWords.contains(String($0).lowercased()) }
    }
}

extension Unicode.Scalar {
    /// Whether it is a letter or a digit.
    var isWordScalar: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            true
        default: false
        }
    }
}

/// Which spans of a trace are wait spans, each text looked at once.
struct WaitSpans {
    private let words: WaitWords
    private let symbols: SymbolTable
    private var types: SymbolVerdicts
    private var names: SymbolVerdicts
    private var ownCode: SymbolVerdicts

    /// `events` is how many will be looked at, where that is known: of a table that many traces share, a trace of few
    /// events knows few symbols.
    init(_ words: WaitWords, symbols: SymbolTable, events: Int = .max) {
        self.words = words
        self.symbols = symbols
        types = SymbolVerdicts(symbols: symbols.count, events: events)
        names = types
        ownCode = types
    }

    mutating func contains(_ event: borrowing Event) -> Bool {
        guard event.kind == .span else { return false }
        if isWaitType(event.type) || isWaitType(event.subtype) || isWaitType(event.action) { return true }
        return isOwnCode(event.type) && (event.name.map { isWaitName($0) } ?? false)
    }

    private mutating func isWaitType(_ symbol: Symbol?) -> Bool {
        guard let symbol else { return false }
        return types.recall(symbol) { words.isWaitType(symbols[symbol]) }
    }

    private mutating func isOwnCode(_ symbol: Symbol) -> Bool {
        ownCode.recall(symbol) { words.isOwnCode(symbols[symbol]) }
    }

    private mutating func isWaitName(_ symbol: Symbol) -> Bool {
        names.recall(symbol) { words.isWaitName(symbols[symbol]) }
    }
}

/// What was found out about symbols: a place for each of the table, or only for those that were asked for.
private struct SymbolVerdicts {
    private enum Verdict: UInt8 { case unknown, yes, no }

    private var all: [Verdict] = []
    private var some: [Symbol: Bool] = [:]

    init(symbols: Int, events: Int) {
        if symbols / 16 <= events { all = [Verdict](repeating: .unknown, count: symbols) }
    }

    mutating func recall(_ symbol: Symbol, _ find: () -> Bool) -> Bool {
        let index = Int(symbol.rawValue)
        guard index < all.count else {
            if let known = some[symbol] { return known }
            let found = find()
            some[symbol] = found
            return found
        }
        if all[index] == .unknown { all[index] = find() ? .yes : .no }
        return all[index] == .yes
    }
}
