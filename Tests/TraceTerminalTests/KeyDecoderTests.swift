import Testing
import TraceTerminal

/// What a terminal sends, and which keys it means.
@Suite struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.keys(Array(text.utf8))
    }

    @Test("letters, control keys, arrows and the keys beside them are told apart") func keysAreKnown() {
        #expect(keys("aG?") == [.text("a"), .text("G"), .text("?")])
        #expect(keys("\r\t\u{7F}\u{08}") == [.enter, .tab, .backspace, .backspace])
        #expect(keys("\u{03}\u{04}\u{1A}") == [.control("c"), .control("d"), .control("z")])
        #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[C\u{1B}OD") == [.up, .down, .right, .left])
        #expect(keys("\u{1B}[1;5A") == [.up])
        #expect(keys("\u{1B}[H\u{1B}[4~\u{1B}[5~\u{1B}[6~\u{1B}[3~") == [.home, .end, .pageUp, .pageDown, .delete])
        #expect(keys("é漢🎉") == [.text("é"), .text("漢"), .text("🎉")])
    }

    @Test("the mouse's newer form gives presses and the wheel, and nothing else") func mouse() {
        #expect(keys("\u{1B}[<0;10;5M") == [.click(column: 9, row: 4)])
        #expect(keys("\u{1B}[<64;1;1M\u{1B}[<65;2;3M") == [.wheelUp(column: 0, row: 0), .wheelDown(column: 1, row: 2)])
        #expect(keys("\u{1B}[<0;10;5m\u{1B}[<2;1;1M\u{1B}[<35;1;1M\u{1B}[<0;0;0M\u{1B}[<0;1M").isEmpty)
        #expect(keys("\u{1B}[<99999999999999999999;1;1Mq") == [.text("q")])
        #expect(keys("\u{1B}[M !!q") == [.text("q")])
    }

    @Test("an ESC by itself is the escape key once nothing follows it") func escape() {
        var decoder = KeyDecoder()
        #expect(decoder.keys([0x1B]).isEmpty)
        #expect(decoder.isHolding)
        #expect(decoder.pause() == [.escape])
        #expect(!decoder.isHolding)
        #expect(decoder.pause().isEmpty)
        #expect(keys("\u{1B}q") == [.escape, .text("q")])
        #expect(keys("\u{1B}\u{1B}[A") == [.escape, .up])
    }

    @Test("a paste is one key, whatever stands in it") func paste() {
        #expect(keys("\u{1B}[200~a\rb\u{1B}[A\u{1B}[201~q") == [.paste("a\rb\u{1B}[A"), .text("q")])
        var decoder = KeyDecoder()
        #expect(decoder.keys(Array("\u{1B}[200~never ends".utf8)).isEmpty)
        #expect(decoder.pause() == [.paste("never ends")])
        let long = String(repeating: "x", count: 100_000)
        let cut = keys("\u{1B}[200~\(long)\u{1B}[201~q")
        #expect(cut.count == 2)
        #expect(cut.last == .text("q"))
        if case .paste(let text)? = cut.first { #expect(text.count <= 4_096) }
    }

    @Test("texts meant for programs, and sequences that nobody knows, give no keys") func others() {
        #expect(keys("\u{1B}]11;rgb:0000/0000/0000\u{07}q") == [.text("q")])
        #expect(keys("\u{1B}P1$r0m\u{1B}\\q") == [.text("q")])
        #expect(keys("\u{1B}[?62;c\u{1B}[Iq") == [.text("q")])
        #expect(keys("\u{1B}[" + String(repeating: "9", count: 5_000) + "Aq") == [.text("q")])
    }

    @Test("keys are the same however their bytes are cut into pieces") func pieces() {
        let bytes = Array("j\u{1B}[<0;10;5M漢\u{1B}[200~x y\u{1B}[201~\u{1B}[1;2B".utf8)
        let whole = keys(String(decoding: bytes, as: UTF8.self))
        #expect(whole.count == 5)
        for size in 1..<bytes.count {
            var decoder = KeyDecoder()
            var parts: [Key] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                parts += decoder.keys(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(parts == whole, "pieces of \(size)")
        }
    }

    @Test("whatever bytes come, keys still work afterwards") func garbage() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var decoder = KeyDecoder()
            let bytes = (0..<500).map { _ in
                let byte = UInt8.random(in: .min ... .max, using: &generator)
                return byte % 5 == 0 ? 0x1B : byte
            }
            for key in decoder.keys(bytes) + decoder.pause() {
                if case .text(let scalar) = key {
                    #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
                }
            }
            #expect(decoder.keys(Array("q".utf8)) == [.text("q")])
        }
    }
}
