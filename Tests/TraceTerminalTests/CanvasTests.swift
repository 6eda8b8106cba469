import Testing
import TraceTerminal

@Suite struct CanvasTests {
    @Test func trimsAndCuts() {
        var canvas = Canvas(width: 8, height: 2)
        canvas.put(SafeText("abc"), row: 0, column: 1)
        canvas.put(SafeText("way too long"), row: 1, column: 4)
        #expect(canvas.lines(.none) == [" abc", "    way"])
    }

    @Test func wideCharactersAreWholeOrGone() {
        var canvas = Canvas(width: 4)
        canvas.put(SafeText("界界界"), column: 1)
        #expect(canvas.lines(.none) == [" 界"])
        canvas.put(SafeText("x"), column: 2)
        #expect(canvas.lines(.none) == ["  x"])
    }

    @Test func writesFewSequences() {
        var canvas = Canvas(width: 20)
        let column = canvas.put(SafeText("one two"), column: 0, Style(foreground: .wait))
        canvas.put(SafeText("x"), column: column, Style(foreground: .wait, isBold: true))
        canvas.put(SafeText("y"), column: column + 2)
        #expect(canvas.lines(.sixteen) == ["\u{1B}[33mone two\u{1B}[1mx \u{1B}[0my"])
        #expect(canvas.lines(.none) == ["one twox y"])
    }

    @Test func linesEndInTheDefault() {
        var canvas = Canvas(width: 3)
        canvas.put(SafeText("a"), column: 0, Style(foreground: .work, background: .wait))
        #expect(canvas.lines(.indexed) == ["\u{1B}[38;5;25;48;5;136ma\u{1B}[0m"])
    }
}
