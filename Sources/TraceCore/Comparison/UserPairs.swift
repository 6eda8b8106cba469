/// The users of two sides, and what became of them.
struct UserPairs {
    /// A test is given from so many values on.
    static let valuesNeeded = 8

    private let users: ComparedUsers
    private let a: ComparedTasks
    private let b: ComparedTasks
    private let tasksOfA: TasksByUser
    private let tasksOfB: TasksByUser
    /// By number, as they first came.
    private(set) var both: [Int] = []
    private(set) var gained: [Int] = []
    private(set) var lost: [Int] = []

    init(_ users: ComparedUsers, a: ComparedTasks, b: ComparedTasks) {
        self.users = users
        self.a = a
        self.b = b
        tasksOfA = TasksByUser(a.users, last: users.last)
        tasksOfB = TasksByUser(b.users, last: users.last)
        for user in stride(from: 1, through: users.last, by: 1) {
            switch (tasksOfA.count(user) > 0, tasksOfB.count(user) > 0) {
            case (true, true): both.append(user)
            case (true, false): lost.append(user)
            case (false, true): gained.append(user)
            case (false, false): break
            }
        }
    }

    /// Whether the users of both sides are nine in ten of each side's, and enough for a test.
    var areEnough: Bool {
        both.count >= Self.valuesNeeded && 10 * both.count >= 9 * (both.count + lost.count)
            && 10 * both.count >= 9 * (both.count + gained.count)
    }

    /// The medians of each user of both sides.
    func medians(_ quantity: ComparedQuantity) -> [(a: Int64, b: Int64)] { both.map { medians($0, quantity) } }

    private func medians(_ user: Int, _ quantity: ComparedQuantity) -> (a: Int64, b: Int64) {
        (
            tasksOfA.median(user) { a.value(quantity, $0) },
            tasksOfB.median(user) { b.value(quantity, $0) }
        )
    }

    /// At most so many users whose medians differ, those that differ most first, then by their bytes.
    func mostChanged(_ quantity: ComparedQuantity, _ limit: Int) -> [Comparison.User] {
        guard limit > 0 else { return [] }
        var most: [(user: Int, a: Int64, b: Int64, size: UInt64)] = []
        for user in both {
            let (a, b) = medians(user, quantity)
            if a != b { most.append((user, a, b, (b - a).magnitude)) }
        }
        most.sort { $0.size != $1.size ? $0.size > $1.size : users.precedes($0.user, $1.user) }
        return most.prefix(limit).map { entry in
            Comparison.User(
                user: users.text(entry.user), a: entry.a, b: entry.b, tasksOfA: tasksOfA.count(entry.user),
                tasksOfB: tasksOfB.count(entry.user))
        }
    }
}
