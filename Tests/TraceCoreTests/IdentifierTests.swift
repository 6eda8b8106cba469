import Testing

@testable import TraceCore

@Suite("Identifiers")
struct IdentifierTests {
    static let texts = [
        "", "0", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcde", "0123456789abcdef0",
        "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdeF", "ffffffffffffffff",
        "ffffffffffffffffffffffffffffffff", "00000000000000000000000000000000", "user-\u{E9}", "user-e\u{301}",
        "0123456789abcdef0123456789abcdef0",
    ]

    @Test("lower-case hex of 8 or 16 bytes is kept as integers, all else as text")
    func forms() {
        #expect(Identifier("0123456789abcdef") == .short(0x0123_4567_89ab_cdef))
        #expect(
            Identifier("0123456789abcdef00000000000000ff") == .long(0x0123_4567_89ab_cdef, 0xff))
        #expect(Identifier("0123456789ABCDEF") == .text(Array("0123456789ABCDEF".utf8)))
        #expect(Identifier("0123456789abcdef0") == .text(Array("0123456789abcdef0".utf8)))
        #expect(Identifier("") == .text([]))
    }

    @Test("every id comes back as it was sent", arguments: texts)
    func roundTrip(text: String) {
        #expect(Identifier(text).utf8 == Array(text.utf8))
        #expect(Array(Identifier(text).text.utf8) == Array(text.utf8))
    }

    @Test("ids are compared and ordered as bytes")
    func order() {
        for a in Self.texts {
            for b in Self.texts {
                let (left, right) = (Identifier(a), Identifier(b))
                #expect((left == right) == (Array(a.utf8) == Array(b.utf8)), "\(a) \(b)")
                #expect((left < right) == a.utf8.lexicographicallyPrecedes(b.utf8), "\(a) \(b)")
            }
        }
    }

    @Test("bytes that are no text come back too")
    func invalidText() {
        let bytes: [UInt8] = [0xFF, 0x00, 0xC3]
        let id = bytes.withUnsafeBufferPointer { Identifier(utf8: $0) }
        #expect(id.utf8 == bytes)
        #expect(id.text.unicodeScalars.contains("\u{FFFD}"))
    }
}
