import Testing

@testable import TraceCore

@Suite("Symbols")
struct SymbolTableTests {
    @Test("the empty text is there from the start")
    func empty() {
        var table = SymbolTable()
        #expect(table.count == 1)
        #expect(table[.empty] == "")
        #expect(table.intern("") == .empty)
        #expect(table.symbol(of: "") == .empty)
        #expect(table.symbol(of: "a") == nil)
    }

    @Test("the same bytes are the same symbol, canonically equivalent texts are two")
    func equality() {
        var table = SymbolTable()
        let composed = table.intern("caf\u{E9}")
        let decomposed = table.intern("cafe\u{301}")
        #expect(composed != decomposed)
        #expect(table.intern("caf\u{E9}") == composed)
        #expect(Array(table[composed].utf8) == Array("caf\u{E9}".utf8))
        #expect(Array(table[decomposed].utf8) == Array("cafe\u{301}".utf8))
        #expect(table.precedes(decomposed, composed))
        #expect(!table.precedes(composed, decomposed))
        #expect(!table.precedes(composed, composed))
    }

    @Test("thousands of texts of every length are found again while the table grows")
    func growth() {
        var table = SymbolTable()
        func text(_ number: Int) -> String { String(repeating: "x", count: number % 40) + "\(number)" }
        let symbols = (0..<5_000).map { table.intern(text($0)) }
        #expect(table.count == 5_001)
        #expect(Set(symbols).count == 5_000)
        #expect(Array(table.symbols) == [.empty] + symbols)
        for (number, symbol) in symbols.enumerated() {
            #expect(table.symbol(of: text(number)) == symbol)
            #expect(table[symbol] == text(number))
        }
        #expect(table.byteCount == (0..<5_000).reduce(0) { $0 + text($1).utf8.count })
    }

    @Test("bytes are kept as they came, NUL and broken UTF-8 too")
    func bytes() {
        var table = SymbolTable()
        let samples: [[UInt8]] = [
            [0], [0, 0], [0xFF], [0xFF, 0], [0xC3], Array("12345678".utf8), Array("123456780".utf8),
        ]
        let symbols = samples.map { bytes in bytes.withUnsafeBufferPointer { table.intern(utf8: $0) } }
        #expect(Set(symbols).count == samples.count)
        for (bytes, symbol) in zip(samples, symbols) {
            #expect(table.withUTF8(symbol) { Array($0) } == bytes)
        }
        #expect(table[symbols[2]] == "\u{FFFD}")
        #expect(table.text(nil) == nil)
    }
}
