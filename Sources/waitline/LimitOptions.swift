import ArgumentParser
import TraceServer
import TraceStorage

/// How much the intake takes and keeps.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Remove runs whose last request came longer ago than this, as in 30d. Default: everything is kept.",
            valueName: "age"))
    var retain: Age?

    @Option(help: ArgumentHelp("The largest request that is taken, decompressed.", valueName: "size"))
    var maxBody = ByteCount(IntakeConfiguration.Limits().decodedBytes)

    @Option(help: ArgumentHelp("The largest event that is taken.", valueName: "size"))
    var maxEvent = ByteCount(IntakeConfiguration.Limits().eventBytes)

    @Option(
        help: ArgumentHelp(
            "Beyond this much that waits to be stored a request is answered 503 at once.", valueName: "size"))
    var maxWaiting = ByteCount(TraceWriter.defaultWaitingLimit)

    @Option(
        help: ArgumentHelp("Connections that may be open; beyond it the longest idle is closed.", valueName: "n"))
    var maxConnections = IntakeConfiguration.Limits().connections

    func validate() throws {
        guard maxConnections > 0 else { throw ValidationError("--max-connections takes a number from 1.") }
    }

    func apply(to limits: inout IntakeConfiguration.Limits) {
        limits.decodedBytes = maxBody.bytes
        limits.discardedBytes = maxBody.bytes
        limits.eventBytes = maxEvent.bytes
        limits.connections = maxConnections
    }
}

/// A size as people write it: `307200`, `300KiB`, `128MiB`, `1GiB`.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
    private static let units = ["": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]

    let bytes: Int

    init(_ bytes: Int) { self.bytes = bytes }

    /// Nil for anything else, nothing, and what is too large to be true.
    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number > 0, let unit = Self.units[String(argument.dropFirst(digits.count))]
        else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        guard !isTooLarge, bytes <= 1 << 40 else { return nil }
        self.bytes = bytes
    }

    var description: String {
        for (name, unit) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] where bytes % unit == 0 {
            return "\(bytes / unit)\(name)"
        }
        return "\(bytes)"
    }
}
