/// Marks on ids from 1 to a highest one: a bit for each.
struct IdentifierMarks: Sendable {
    /// Beyond so many the marks would take too much memory: a quarter of a GiB.
    static let limit: Int64 = 1 << 31

    private var words: [UInt64]
    private let highest: Int64

    init(upTo highest: Int64) {
        self.highest = highest
        words = [UInt64](repeating: 0, count: Int(highest / 64) + 1)
    }

    /// Ids that there are not are left out.
    mutating func insert(_ ids: Set<Int64>) {
        for id in ids where 0...highest ~= id { words[Int(id >> 6)] |= 1 << UInt64(id & 63) }
    }

    func contains(_ id: Int64) -> Bool { 0...highest ~= id && words[Int(id >> 6)] & 1 << UInt64(id & 63) != 0 }
}
