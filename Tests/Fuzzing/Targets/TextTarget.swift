import TraceCore

@testable import TraceTerminal

/// Text from traces on its way to a terminal, and the texts that people write: nothing comes out that a terminal obeys,
/// a text is as wide as it says and never wider than asked, and a list of wait words is read or refused.
enum TextTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let flags = input.byte()
        let columns = Int(input.byte())
        let raw = String(decoding: input.rest, as: UTF8.self)
        let ascii = flags & 1 != 0
        let safe = SafeText(raw, ascii: ascii)
        check(safe, ascii: ascii)
        let cut = safe.truncated(to: columns, ascii: ascii)
        check(cut, ascii: ascii)
        require(cut.width <= max(columns, 0), "\(cut.width) columns of at most \(columns)")
        require(safe.width > columns || cut == safe, "a text that fits was cut")
        let name = SafeText(name: raw, columns: columns, ascii: ascii)
        check(name, ascii: ascii)
        require(name.width <= columns, "a name of \(name.width) columns of at most \(columns)")
        require(SafeText(safe.text, ascii: ascii) == safe, "a safe text is made another")
        do throws(WaitWordsError) {
            _ = try WaitWords(parsing: raw)
        } catch {
            require(error.line > 0 && !error.message.isEmpty, "\(error)")
        }
        return 0
    }

    private static func check(_ safe: SafeText, ascii: Bool) {
        var width = 0
        for scalar in safe.text.unicodeScalars {
            require(isHarmless(scalar), "\(scalar.value) in \(safe.text)")
            require(!ascii || 0x20...0x7E ~= scalar.value, "\(scalar.value) where only ASCII is shown")
            width += CharacterWidth.columns(scalar)
        }
        require(width == safe.width, "\(width) columns, said to be \(safe.width)")
    }

    /// Whether a terminal only shows it: no control character, nothing that turns the direction of text or ends a line.
    static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: false
        case 0xFFF9...0xFFFB, 0xE0000...0xE0FFF: false
        default: true
        }
    }
}
