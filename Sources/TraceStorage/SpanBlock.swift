import TraceCore

/// The spans that one body brought to one run, as the column `spans.data`: what a row of SQL would take sixty bytes and
/// four microseconds for takes fifteen bytes and a fraction of one.
///
/// First the ids the spans name, each once and in the order they are met: their count, then eight bytes each; those
/// that are not eight bytes of hex are zero there and follow as a list (count; for each its number, its length twice,
/// plus one where it is sixteen bytes of hex, its bytes). Then the spans. Of each:
/// - its shape: what many spans have in common (`SpanShape`), by number; a number not met yet is followed by the shape,
///   as a mask of the members that differ from the shape before and those members;
/// - its id, its transaction's and, where that is another, its parent's: how many ids back from the end of those met so
///   far, 0 for the next new one;
/// - its start, as the difference to that of the span before (of the first: to the column `start_us`);
/// - its duration; its offset from its transaction, where it came with one;
/// - where its line begins, as the difference to the end of the line before; how long it is.
///
/// All integers are as `ByteSink` writes them; differences, offsets are signed.
enum SpanBlock {
    /// Which of the optional members a span has, with its outcome, whether it is compressed, and whether its type was sent
    /// dotted (of rows that were written before that was kept: no).
    struct Form: RawRepresentable, Hashable {
        var rawValue: Int64

        static let hasTransaction: Int64 = 1
        static let hasParent: Int64 = 2
        /// Its parent is its transaction.
        static let isTop: Int64 = 4
        static let hasOffset: Int64 = 8
        static let isCompressed: Int64 = 16
        /// Where the outcome's number stands, which has two bits.
        static let outcomeShift: Int64 = 5
        static let hasDottedType: Int64 = 128

        init(rawValue: Int64) { self.rawValue = rawValue }

        init(_ event: Event) {
            rawValue = Int64(event.outcome.rawValue) << Self.outcomeShift
            if event.transaction != nil { rawValue |= Self.hasTransaction }
            if let parent = event.parent {
                rawValue |= Self.hasParent
                if parent == event.transaction { rawValue |= Self.isTop }
            }
            if event.offset != nil { rawValue |= Self.hasOffset }
            if event.compressed { rawValue |= Self.isCompressed }
            if event.hasDottedType { rawValue |= Self.hasDottedType }
        }

        func has(_ bit: Int64) -> Bool { rawValue & bit != 0 }

        var outcome: Int64 { rawValue >> Self.outcomeShift & 3 }
    }
}

/// What many spans of a block have in common. Texts are ids of `strings`, 0 where there is none.
struct SpanShape: Hashable {
    /// The members in the order they are written in: form, process, name, type, subtype, action, service, version.
    var values = SIMD8<Int64>()

    var form: SpanBlock.Form { SpanBlock.Form(rawValue: values[0]) }
    var process: Int64 { values[1] }
    var name: Int64 { values[2] }
    var type: Int64 { values[3] }
    var subtype: Int64 { values[4] }
    var action: Int64 { values[5] }
    var service: Int64 { values[6] }
    var version: Int64 { values[7] }

    /// A number that differs for most shapes.
    var spread: Int {
        var state: UInt64 = 0
        for index in values.indices {
            state = (state ^ UInt64(bitPattern: values[index])) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 29
        }
        return Int(truncatingIfNeeded: state >> 1)
    }
}
