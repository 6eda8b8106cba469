/// The users of both sides of a comparison, numbered as they come: 0 is none.
struct ComparedUsers: Sendable {
    private(set) var symbols = SymbolTable()
    /// By number of a text of the run at hand: the user, `unknown` as long as it was not asked for.
    private var known: [UInt32] = []

    /// No user, since symbols end before.
    private static let unknown = UInt32.max

    /// The highest number there is.
    var last: Int { symbols.count }

    /// Appends the users of some tasks of a run.
    mutating func read(_ chosen: [UInt32], of figures: RunFigures, into users: inout [UInt32]) {
        known.resize(0)
        known.append(0)
        known.append(contentsOf: repeatElement(Self.unknown, count: Int(figures.texts.last)))
        users.reserveCapacity(users.count + chosen.count)
        for task in chosen {
            let text = Int(figures.tasks[.user, Int(task)])
            if known[text] == Self.unknown {
                known[text] = figures.texts.withUTF8(UInt32(text)) { symbols.intern(utf8: $0).rawValue + 1 }
            }
            users.append(known[text])
        }
    }

    /// The text of a number above 0.
    func text(_ user: Int) -> String { symbols[Symbol(rawValue: UInt32(user - 1))] }

    /// Whether one user goes before another, as bytes.
    func precedes(_ left: Int, _ right: Int) -> Bool {
        symbols.precedes(Symbol(rawValue: UInt32(left - 1)), Symbol(rawValue: UInt32(right - 1)))
    }

    /// The texts of some users, in order of their bytes.
    func texts(_ users: [Int]) -> [String] { users.sorted(by: precedes).map(text) }
}
