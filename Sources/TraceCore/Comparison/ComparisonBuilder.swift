/// Takes the runs of two sets one at a time, in any order, so that a comparison never holds more than one of them and a
/// row of integers (44 bytes) for each task. All of them were analysed with the same settings.
package struct ComparisonBuilder: Sendable {
    private let filter: TaskFilter
    private var inference: Inference?
    private var users = ComparedUsers()
    private var a = ComparedTasks()
    private var b = ComparedTasks()
    /// Which tasks of a run are taken.
    private var chosen: [UInt32] = []
    /// What encoded figures are read into.
    private var buffer = RunFigures()

    /// `inference` is what all runs were analysed by; without it, what the first was.
    package init(filter: TaskFilter = TaskFilter(), inference: Inference? = nil) {
        self.filter = filter
        self.inference = inference
    }

    /// Adds the tasks of a run to a side.
    package mutating func add(_ figures: RunFigures, to side: ComparedSide, isArriving: Bool) {
        precondition(inference ?? figures.inference == figures.inference, "waits of two kinds")
        inference = figures.inference
        filter.choose(from: figures, into: &chosen)
        switch side {
        case .a: a.add(chosen, of: figures, isArriving: isArriving, users: &users)
        case .b: b.add(chosen, of: figures, isArriving: isArriving, users: &users)
        }
    }

    /// Adds the tasks of a run to a side.
    package mutating func add(_ analysis: TraceAnalysis, to side: ComparedSide, isArriving: Bool) {
        add(RunFigures(analysis), to: side, isArriving: isArriving)
    }

    /// Adds the tasks of a run from its encoded figures, of which only what a comparison asks for is read. False, and
    /// nothing added, where the bytes are no figures, or figures by another inference. `isArriving` is told what the
    /// run is as a whole.
    package mutating func add(
        decoding bytes: UnsafeRawBufferPointer, to side: ComparedSide, isArriving: (RunFigures) throws -> Bool
    ) rethrows -> Bool {
        var figures = RunFigures()
        swap(&figures, &buffer)
        defer { swap(&figures, &buffer) }
        guard figures.decode(bytes, parts: filter.parts.union([.states, .users])),
            inference ?? figures.inference == figures.inference
        else { return false }
        add(figures, to: side, isArriving: try isArriving(figures))
        return true
    }

    /// The comparison of all that was added. `percentiles` are shown beside the standard ones, `hidden` are only worked
    /// out: for budgets. Of the users that changed most so many are given, and histograms have at most so many bins.
    package func comparison(
        percentiles: [PercentileRank] = [], hidden: [PercentileRank] = [], users limit: Int = 5, bins: Int = 40
    ) -> Comparison {
        let ranks = (percentiles + hidden).eachOnce
        let pairs = UserPairs(users, a: a, b: b)
        let isPaired = pairs.areEnough
        let quantities = ComparedQuantity.allCases.map { quantity in
            let (left, right) = (a.sorted(quantity), b.sorted(quantity))
            var test: RankTest?
            if isPaired, quantity != .makespan {
                test = .wilcoxon(pairs.medians(quantity).map { $1 - $0 })
            } else if min(left.count, right.count) >= UserPairs.valuesNeeded {
                test = .mannWhitney(left, right)
            }
            return Comparison.Quantity(
                quantity: quantity, counts: (left.count, right.count),
                a: Statistics(ofSorted: left, percentiles: ranks), b: Statistics(ofSorted: right, percentiles: ranks),
                test: test,
                histogram: left.isEmpty || right.isEmpty ? nil : Histogram(ofSorted: [left, right], bins: bins))
        }
        func of(_ quantity: ComparedQuantity) -> Comparison.Quantity {
            quantities[ComparedQuantity.allCases.firstIndex(of: quantity) ?? 0]
        }
        return Comparison(
            inference: inference ?? AnalysisSettings.standard.inference,
            a: a.side(users: pairs.both.count + pairs.lost.count, percentiles: ranks) { of($0).a },
            b: b.side(users: pairs.both.count + pairs.gained.count, percentiles: ranks) { of($0).b },
            runsOnBothSides: a.runIDs.intersection(b.runIDs).count,
            isPaired: isPaired,
            usersOnBothSides: pairs.both.count,
            usersGained: users.texts(pairs.gained),
            usersLost: users.texts(pairs.lost),
            quantities: quantities,
            usersByWork: pairs.mostChanged(.work, limit),
            usersByWait: pairs.mostChanged(.wait, limit),
            usersByTurnaround: pairs.mostChanged(.turnaround, limit),
            percentiles: percentiles.eachOnce)
    }
}
