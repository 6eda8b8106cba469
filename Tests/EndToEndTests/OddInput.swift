/// Streams that hardly have an answer, or none.
enum OddInput: String, CaseIterable {
    /// A span whose transaction never came.
    case noTasks
    case oneTask
    case allUnsampled
    /// Tasks that took no time, with spans that took none.
    case instants
    /// Tasks without a span.
    case withoutSpans
    /// Every duration beyond what is kept of one.
    case longest
    /// Starts as far from one another as they can be.
    case farApart

    /// Whether its times may be meant; where not, whoever reads it says so.
    var isTimely: Bool { self != .farApart }
    /// Whether it has tasks to report.
    var hasTasks: Bool { self != .noTasks && self != .allUnsampled }
    /// Whether its tasks share a parent.
    var hasGroup: Bool { hasTasks && self != .oneTask }

    /// A stream of a run that no other has.
    var stream: String {
        switch self {
        case .noTasks: Self.stream([Self.span(1, under: 9, milliseconds: "5")])
        case .oneTask: Self.stream([Self.root(), Self.task(2, under: nil), Self.span(2, under: 2, milliseconds: "5")])
        case .allUnsampled: Self.stream([Self.root(sampled: false)] + (2..<5).map { Self.task($0, sampled: false) })
        case .instants:
            Self.stream(
                [Self.root(milliseconds: "0")]
                    + (2..<5).flatMap {
                        [Self.task($0, milliseconds: "0"), Self.span($0, under: $0, milliseconds: "0")]
                    })
        case .withoutSpans: Self.stream([Self.root()] + (2..<5).map { Self.task($0) })
        case .longest:
            Self.stream(
                [Self.root(milliseconds: "1e300")]
                    + (2..<14).flatMap {
                        [Self.task($0, milliseconds: "1e300"), Self.span($0, under: $0, milliseconds: "1e300")]
                    })
        case .farApart:
            Self.stream(
                [Self.root()]
                    + (2..<14).map {
                        Self.task($0, at: $0 % 2 == 0 ? 1 << 60 : -(1 << 60), milliseconds: "1e300")
                    })
        }
    }

    /// A run of tasks of these users, in the order they are opened.
    static func stream(users: [String], trace: Character) -> String {
        let tasks = users.enumerated().map { task($0 + 2, milliseconds: "\(10 + $0)", user: $1) }
        return stream([root()] + tasks).replacing(
            String(repeating: "a", count: 32), with: String(repeating: trace, count: 32))
    }

    private static func stream(_ lines: [String]) -> String {
        let metadata = """
            {"metadata":{"service":{"name":"odd","agent":{"name":"python","version":"6"}},"process":{"pid":7}}}
            """
        return ([metadata] + lines).joined(separator: "\n") + "\n"
    }

    private static func id(_ number: Int) -> String { "\(1_000_000_000_000_000 + number)" }

    private static let trace = "\"trace_id\":\"\(String(repeating: "a", count: 32))\""

    private static func root(milliseconds: String = "100", sampled: Bool = true) -> String {
        """
        {"transaction":{"id":"\(id(1))",\(trace),"name":"run","type":"t","timestamp":1795406603000000,\
        "duration":\(milliseconds),"sampled":\(sampled),"span_count":{"started":0}}}
        """
    }

    private static func task(
        _ number: Int, under parent: Int? = 1, at time: Int = 1_795_406_603_000_000, milliseconds: String = "10",
        sampled: Bool = true, user: String? = nil
    ) -> String {
        let parent = parent.map { "\"parent_id\":\"\(id($0))\"," } ?? ""
        let context = user.map { ",\"context\":{\"user\":{\"id\":\"\($0)\"}}" } ?? ""
        return """
            {"transaction":{"id":"\(id(number))",\(trace),\(parent)"name":"task","type":"t","timestamp":\(time),\
            "duration":\(milliseconds),"sampled":\(sampled),"span_count":{"started":1}\(context)}}
            """
    }

    private static func span(_ number: Int, under task: Int, milliseconds: String) -> String {
        """
        {"span":{"id":"\(id(number + 100))",\(trace),"transaction_id":"\(id(task))","parent_id":"\(id(task))",\
        "name":"q","type":"db","timestamp":1795406603000000,"duration":\(milliseconds)}}
        """
    }
}
