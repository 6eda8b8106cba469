import ArgumentParser

/// A time that something may take, as it is written on the command line.
struct TimeLimit: ExpressibleByArgument {
    var duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    /// Reads `500ms`, `5s` or `1m`, up to an hour.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        let units = ["ms": 1, "s": 1_000, "m": 60_000]
        guard let unit = units[String(argument.dropFirst(digits.count))], digits.utf8.count <= 7,
            let count = Int(digits), 1...3_600_000 ~= count * unit
        else { return nil }
        duration = .milliseconds(count * unit)
    }

    var defaultValueDescription: String { duration.text }
}

extension Duration {
    var microseconds: Int64 { Int64(self / .microseconds(1)) }

    /// As it is written on the command line.
    var text: String {
        let milliseconds = microseconds / 1_000
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
