/// Which kind of line the tasks of a group stood in (source: "The fit").
package enum LineKind: String, Sendable, CaseIterable {
    /// A fixed number of slots: one takes its slot when another gives it back.
    case slots
    /// They were let in one at a time, evenly.
    case rate
    /// They began just when others ended, but no one number of slots fits.
    case handover
}

/// A line as it shows from outside: when some members, tasks or spans, began to wait, began to work and ended (source:
/// "The fit" of the definitions of wait and work, whose steps the comments name).
struct LineFit {
    struct Member {
        /// From here to the taking the member may have stood in line.
        var gap: Interval
        var end: Int64

        /// When it took its slot.
        var taking: Int64 { gap.end }
        /// Whether it ever held one.
        var holds: Bool { taking < end }
    }

    /// K; 0 where no number of slots foretells the takings at all.
    private(set) var slots = 0
    /// c: what a member does untold between taking its slot and its taking, or, below 0, between giving it back and its
    /// end, µs. Nil where there is none.
    private(set) var lag: Int64?
    /// Σ |lag - c|, µs: what the slots leave unexplained. Nil where there is no lag.
    private(set) var cost: UInt128?
    /// What is left to explain if nobody stood in line, µs.
    private(set) var baseline: UInt128 = 0
    /// Nil where nothing is seen.
    private(set) var kind: LineKind?
    /// δ, µs; nil where no rate is seen.
    private(set) var rate: Int64?
    /// By member: where it waited; nil where it did not, and for all where nothing is seen.
    private(set) var waits: [Interval?]
    /// By member: the one that released it; nil where nobody did.
    private(set) var releasers: EventLinks
    /// The summed waits, µs: also what they would be where nothing is seen.
    private(set) var waited: Int128 = 0
    /// The summed time from taking to end, µs.
    let held: Int128
    /// How full the slots were while members waited for them; nil where nobody waited for one.
    private(set) var occupancy: Double?
    /// How many members held something at a time while others waited for hand-overs, but for a twentieth of that time at
    /// either end; 0 where none are seen.
    private(set) var working = 0...0
    /// h, the lower median of what slots are held for, µs.
    private let medianHold: Int64
    private var hasWaiters = false

    /// Fits members, which stand in order of (start, id). `enders` are all of them by (end, start, id), where that is
    /// known already.
    init(_ members: [Member], enders: [Int32]? = nil) {
        waits = [Interval?](repeating: nil, count: members.count)
        releasers = EventLinks(count: members.count)
        let line = HeldLine(members, enders: enders)
        held = line.held
        medianHold = line.medianHold
        guard line.count > 1 else {
            slots = line.count
            return
        }
        guard let candidate = line.bestSlots() else { return }
        slots = candidate
        let lags = LagSums(line)
        let (lag, cost) = lags.sums(slots: candidate)
        self.lag = lag
        self.cost = cost
        baseline = lags.baseline
        let admissions = line.admissions(slots: candidate)
        guard !admissions.isEmpty else { return }
        hasWaiters = true
        waited = admissions.reduce(0) { $0 + Int128($1.wait.length) }
        if let rate = line.rate(cost: cost, baseline: baseline) {
            kind = .rate
            self.rate = rate
            takeWholeGaps(of: line)
        } else if line.showsSlots(admissions, slots: candidate, cost: cost, baseline: baseline) {
            kind = .slots
            let levels = HeldLevels(line, lag: lag, slots: candidate)
            occupancy = levels.occupancy(of: admissions)
            take(admissions.map { ($0.member, $0.wait, $0.releaser) })
            takeFromThoseWhoNeverHeld(members, levels)
        } else if let handovers = line.handovers() {
            kind = .handover
            take(handovers)
            working = HeldLevels(line, lag: 0, slots: .max).usual(during: handovers.map(\.wait))
        } else {
            occupancy = HeldLevels(line, lag: lag, slots: candidate).occupancy(of: admissions)
        }
    }

    /// Whether a fixed number of slots is seen.
    var showsSlots: Bool { kind == .slots }

    /// How much of the gaps the slots explain; nil where nobody waited for the end of another. Below nine tenths, it is
    /// not rounded up to that.
    var explained: Share? {
        guard hasWaiters, let cost, baseline > 0 else { return nil }
        let share = Share(Int128(baseline - min(cost, baseline)), of: Int128(baseline))
        return 10 * cost <= baseline ? share : Share(Int128(min(8_999, share.tenThousandths)), of: 10_000)
    }

    /// The lag of slots that are seen, where it is more than a tenth of what a slot is held for; else nil.
    var toldLag: Int64? {
        guard kind == .slots, let lag, 10 * Int128(lag.magnitude) > Int128(medianHold) else { return nil }
        return lag
    }

    private mutating func take(_ waiters: [(member: Int, wait: Interval, releaser: Int?)]) {
        waited = 0
        for (member, wait, releaser) in waiters {
            waits[member] = wait
            releasers[member] = releaser
            waited += Int128(wait.length)
        }
    }

    /// Step 5: under a rate everybody waited for the whole gap, and nobody was released.
    private mutating func takeWholeGaps(of line: HeldLine) {
        take(
            line.takers.indices.filter { line.gapStarts[$0] < line.takings[$0] }.map { place in
                (Int(line.takers[place]), Interval(start: line.gapStarts[place], end: line.takings[place]), nil)
            })
    }

    /// Step 6: members that never held a slot waited too, while all slots were taken.
    private mutating func takeFromThoseWhoNeverHeld(_ members: [Member], _ levels: HeldLevels) {
        for (member, sent) in members.enumerated() where !sent.holds {
            let possible = Interval(start: sent.gap.start, end: sent.end)
            guard let end = levels.lastFull(in: possible) else { continue }
            let wait = Interval(start: possible.start, end: end)
            waits[member] = wait
            waited += Int128(wait.length)
        }
    }
}
