/// What an intake did not take, and why, and what it took with doubts: counted by reason, with the last few examples of
/// each.
///
/// Bounded however much is lost: so many reasons, and of each so many examples, cut to so many bytes.
package struct LossTally: Sendable, Equatable {
    /// What is counted.
    package enum Unit: UInt8, Sendable, CaseIterable {
        /// Lines of requests that were read.
        case lines = 1
        /// Whole requests, with whatever they brought.
        case requests = 2
        /// Events that were stored as they are, with a time that is hardly meant: see `TimeDoubt`. No losses.
        case oddTimes = 3
    }

    /// One thing that was not taken.
    package struct Offender: Sendable, Equatable {
        /// When its request came, µs since the epoch.
        package var time: Int64
        /// The service that sent it; nil where that is not known.
        package var service: String?
        /// Its number in the stream, from 1; nil of a whole request, and where it is not known.
        package var line: Int?
        /// The beginning of it, or what it was in words; nil where nothing of it was read.
        package var document: [UInt8]?

        package init(time: Int64, service: String?, line: Int?, document: [UInt8]?) {
            self.time = time
            self.service = service
            self.line = line
            self.document = document
        }
    }

    /// What was lost for one reason.
    package struct Entry: Sendable, Equatable {
        /// Why, in the words the sender was told.
        package var reason: String
        package var unit: Unit
        package var count: Int
        /// The last of them, the latest last.
        package var offenders: [Offender]
    }

    /// In the order in which the reasons first came up.
    package private(set) var entries: [Entry] = []

    /// Beyond so many reasons, what comes for another is counted as `otherReasons`.
    package static let maximumReasons = 64
    /// Examples kept of each reason.
    package static let keptOffenders = 5
    /// Bytes kept of an example.
    package static let keptBytes = 1_024
    /// Bytes kept of a reason.
    package static let reasonBytes = 200
    /// What stands for all reasons beyond those that are kept apart.
    package static let otherReasons = "other reasons"
    /// The reason of lines that nobody looked at any more, since so many before them in their stream were rejected.
    package static let furtherLines = "further lines of streams with many rejected lines"

    /// The reason of an event that is lost since another one with its id was stored before.
    package static let sameID = "another event with the same id came first"

    package init() {}

    package var isEmpty: Bool { entries.isEmpty }

    /// How many of a unit were counted.
    package func count(_ unit: Unit) -> Int { entries.reduce(0) { $1.unit == unit ? $0 + $1.count : $0 } }

    /// Counts `count` more that were lost for a reason, the last of which is `offender`.
    package mutating func note(_ reason: String, _ unit: Unit, count: Int = 1, _ offender: Offender? = nil) {
        guard count > 0 else { return }
        let kept = Self.cut(reason)
        let index = index(of: kept, unit)
        entries[index].count += count
        guard var offender else { return }
        offender.document = offender.document.map { Array($0.prefix(Self.keptBytes)) }
        entries[index].offenders.append(offender)
        if entries[index].offenders.count > Self.keptOffenders { entries[index].offenders.removeFirst() }
    }

    /// Adds what another tally counted, as later than one's own.
    package mutating func absorb(_ other: LossTally) {
        for entry in other.entries {
            let index = index(of: entry.reason, entry.unit)
            entries[index].count += entry.count
            entries[index].offenders = (entries[index].offenders + entry.offenders).suffix(Self.keptOffenders)
        }
    }

    /// Where a reason stands among the entries, as a new one where there is room.
    private mutating func index(of reason: String, _ unit: Unit) -> Int {
        if let known = entries.firstIndex(where: { $0.reason == reason && $0.unit == unit }) { return known }
        // These two always have room, so that there are at most two entries more.
        let hasRoom = reason == Self.otherReasons || reason == Self.furtherLines
        if entries.count >= Self.maximumReasons, !hasRoom {
            return index(of: Self.otherReasons, unit)
        }
        entries.append(Entry(reason: reason, unit: unit, count: 0, offenders: []))
        return entries.count - 1
    }

    private static func cut(_ reason: String) -> String {
        guard reason.utf8.count > reasonBytes else { return reason }
        var kept = Substring(reason)
        while kept.utf8.count > reasonBytes - 3 { kept.removeLast() }
        return kept + "…"
    }
}
