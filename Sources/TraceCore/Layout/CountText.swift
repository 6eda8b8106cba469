/// Whole numbers as text.
package enum CountText {
    /// A whole number in groups of three digits.
    package static func text(_ number: Int) -> String {
        var digits = Substring(String(number.magnitude))
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = digits.dropLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: " ")
    }

    /// A number and what it counts.
    package static func text(_ number: Int, _ singular: String, _ plural: String) -> String {
        text(number) + " " + (number == 1 ? singular : plural)
    }
}
