/// Text that is put together quickly, as UTF-8.
struct ByteText {
    private(set) var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func add(_ number: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    /// A number of thousandths, with three decimals.
    mutating func add(thousandths number: Int) {
        add(number / 1_000)
        bytes.append(UInt8(ascii: "."))
        let rest = number % 1_000
        for digit in [rest / 100, rest / 10 % 10, rest % 10] { bytes.append(UInt8(ascii: "0") + UInt8(digit)) }
    }

    /// Sixteen hexadecimal digits.
    mutating func add(hex word: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            bytes.append(Self.digit(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15))
        }
    }

    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
