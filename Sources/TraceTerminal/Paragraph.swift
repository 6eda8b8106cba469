/// A text between views, wrapped at blanks.
package struct Paragraph {
    private let text: String
    private let options: TerminalOptions

    package init(_ text: String, _ options: TerminalOptions) {
        self.text = text
        self.options = options
    }

    package func lines() -> [String] {
        let prose = Prose(width: options.width, ascii: options.ascii)
        return prose.sentence(SafeText(text, ascii: options.ascii)).flatMap { $0.lines(options.colors) }
    }
}
