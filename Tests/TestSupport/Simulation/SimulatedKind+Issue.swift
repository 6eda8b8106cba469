import TraceCore

/// The runs that the definitions were first found wanting in.
extension SimulatedKind {
    package static let issue: [SimulatedKind] =
        oneLimit + severalLimits + rates + [
            Self("20 tasks without limit, one of 10 minutes", .free, .free(claimed: 0)) {
                FreePlan(tasks: 20) { $0.giant = 600_000_000 }.scenario(&$0)
            },
            Self("60 tasks on 3 prefork workers", .workers(3), make: workers),
        ]

    private static let oneLimit = [
        pool("semaphore of 4, 1 ms untold after it") {
            ($0.hold, $0.tail) = (200_000, .ofMean(5))
        },
        pool("50 permits, a fifth untold before the first span", bounds: Bounds(limit: 95, falseTime: 10_000)) {
            ($0.slots, $0.tasks, $0.untold) = (50, 300, .ofEach(200))
        },
        pool("30 tasks, 4 permits, one of 12 minutes") {
            ($0.tasks, $0.giant) = (30, 720_000_000)
        },
        // 29 are done by then.
        pool("60 tasks of which about 31 time out in line") { $0.patience = 1_010_000 },
        // Half of the hand-off's 2 ms, of each task's second.
        pool("one limit over 4 processes", bounds: Bounds(falseTime: 2_500)) {
            ($0.slots, $0.processes, $0.handOff) = (5, 4, 500...3_500)
        },
    ]

    private static let severalLimits = [
        pool("a limit raised from 4 to 12", [.handover], bounds: Bounds(falseTime: 600)) {
            ($0.tasks, $0.change) = (120, (40, 12))
        },
        pool("a limit lowered from 12 to 4", [.handover], bounds: Bounds(falseTime: 400)) {
            ($0.tasks, $0.slots, $0.change) = (120, 12, (60, 4))
        },
        Self(
            "two limits under one name", .line(slots: nil, seenAs: [.handover]),
            Bounds(seen: 94, limit: 94, falseTime: 8_000)
        ) { generator in
            var scenario = PoolPlan { $0.tasks = 80 }.scenario(&generator)
            scenario.gates = [Gate(3), Gate(6)]
            for (number, script) in scenario.scripts.enumerated() where number % 2 != 0 {
                scenario.scripts[number].steps = script.steps.map { $0.at(gate: 1) }
            }
            return scenario
        },
        pool("chunks of 8", [.handover], bounds: Bounds(falseTime: 400)) {
            ($0.tasks, $0.slots, $0.rule) = (64, 8, .batches)
        },
    ]

    private static let rates = [
        pool("a rate limit, even holds", [.rate]) {
            ($0.rule, $0.spread) = (.rate(100_000), .constant)
        },
        pool("a rate limit, varied holds", [.rate]) { $0.rule = .rate(100_000) },
    ]

    /// A queue's tasks, each of which is opened by the worker that takes it.
    @Sendable private static func workers(_ generator: inout SeededGenerator) -> Scenario {
        let scripts = (0..<60).map { number in
            let opening: [SimulatedStep] = [.take(gate: number % 3), .pass(generator.pick(300...2_000)), .begin]
            let work = SimulatedStep.work(Spread.uniform.draw(100_000, &generator), &generator)
            return SimulatedScript(
                arrival: Int64(number), process: 1 + number % 3,
                steps: opening + [.pass(generator.pick(50...200))] + work + [.end, .give(gate: number % 3)])
        }
        return Scenario(gates: [Gate(1), Gate(1), Gate(1)], scripts: scripts)
    }

    /// A kind of one pool, told as a line of one of these kinds.
    static func pool(
        _ name: String, _ seenAs: Set<LineKind> = [.slots], bounds: Bounds = Bounds(),
        _ edit: @escaping @Sendable (inout PoolPlan) -> Void
    ) -> SimulatedKind {
        let limit = seenAs == [.slots] ? PoolPlan(edit).slots : nil
        return Self(name, .line(slots: limit, seenAs: seenAs), bounds) { PoolPlan(edit).scenario(&$0) }
    }
}

extension SimulatedStep {
    /// The same at another gate.
    fileprivate func at(gate: Int) -> SimulatedStep {
        switch self {
        case .take(_, let permits, let patience): .take(gate: gate, permits: permits, patience: patience)
        case .give(_, let permits): .give(gate: gate, permits: permits)
        default: self
        }
    }
}
