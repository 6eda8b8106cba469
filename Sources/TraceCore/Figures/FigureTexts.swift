/// The distinct texts of a run's figures. They are known by number: 0 is none, 1 the empty text, which is always there,
/// and the others follow in order of first use.
package struct FigureTexts: Sendable, Equatable {
    /// The texts that are not empty, one behind the other.
    var bytes: [UInt8] = []
    /// Where each ends in `bytes`.
    var ends: [Int] = []

    package init() {}

    /// The texts of a table in which the empty one comes first.
    init(_ table: SymbolTable) {
        for symbol in table.symbols.dropFirst() {
            table.withUTF8(symbol) { bytes.append(contentsOf: $0) }
            ends.append(bytes.count)
        }
    }

    /// The highest number there is.
    package var last: UInt32 { UInt32(truncatingIfNeeded: ends.count + 1) }

    /// The text of a number; nil for 0.
    package subscript(_ number: UInt32) -> String? {
        guard number > 0 else { return nil }
        return withUTF8(number) { String(decoding: $0, as: UTF8.self) }
    }

    /// Calls `body` with the bytes of the text of a number above 0.
    package func withUTF8<Result>(
        _ number: UInt32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let range = range(number)
        return try bytes.withUnsafeBufferPointer { try body(UnsafeBufferPointer(rebasing: $0[range])) }
    }

    /// The number of a text; nil where the run has none like it.
    package func number(of text: String) -> UInt32? {
        var text = text
        return text.withUTF8 { text in
            if text.isEmpty { return 1 }
            var start = 0
            for (place, end) in ends.enumerated() {
                if end - start == text.count, bytes[start..<end].elementsEqual(text) {
                    return UInt32(truncatingIfNeeded: place + 2)
                }
                start = end
            }
            return nil
        }
    }

    private func range(_ number: UInt32) -> Range<Int> {
        let place = Int(number) - 2
        guard place >= 0 else { return 0..<0 }
        return (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }
}

/// The distinct sets of labels of a run's figures: the root's, those of metadata and those of its tasks. They are known
/// by number: 0 is the empty set, the others follow in order of first use. In each set a key stands once.
package struct LabelSets: Sendable, Equatable {
    /// Where each set ends in `keys` and `values`.
    var ends: [Int] = []
    /// As numbers of `RunFigures.texts`.
    var keys: [UInt32] = []
    var values: [UInt32] = []

    package init() {}

    /// The highest number there is.
    package var last: UInt32 { UInt32(truncatingIfNeeded: ends.count) }

    /// By set: the number of the text that a key has in it, 0 where it has none.
    func values(of key: UInt32) -> [UInt32] {
        var found = [UInt32](repeating: 0, count: ends.count + 1)
        var start = 0
        for (place, end) in ends.enumerated() {
            for label in start..<end where keys[label] == key { found[place + 1] = values[label] }
            start = end
        }
        return found
    }
}
