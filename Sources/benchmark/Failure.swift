/// Why there is no measurement, in one line.
struct Failure: Error, CustomStringConvertible {
    let description: String

    /// Takes text that may quote a program: its control characters become blanks.
    init(_ text: String) {
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        description = String(String.UnicodeScalarView(scalars))
    }
}
