/// Plays a scenario, event by event, in whole µs.
///
///     arrival  begin    take        granted  open    close give  end
///        |-------|--------|............|-------|########|-----|----|
///          opener  own code    waits     untold    span    untold
struct Simulator {
    /// What happens to a task at its time.
    private enum Happening {
        case goesOn
        case asksAgain
        case losesPatience(take: Int)
    }

    private struct State {
        var step = 0
        /// Since when it has waited, and where in its script.
        var since: Int64?
        var take = 0
        var record = SimulatedTask()
        var open: [Int] = []
    }

    private var agenda = Agenda<(task: Int, what: Happening)>()
    private let scripts: [SimulatedScript]
    private var gates: [Gate]
    private var states: [State]
    private var generator: SeededGenerator

    init(_ scenario: Scenario, seed: UInt64) {
        scripts = scenario.scripts
        gates = scenario.gates
        states = [State](repeating: State(), count: scripts.count)
        generator = SeededGenerator(seed: seed)
        for (task, script) in scripts.enumerated() {
            states[task].record.process = script.process
            agenda.add((task, .goesOn), at: script.arrival)
        }
    }

    /// What each task did, by its number.
    mutating func run() -> [SimulatedTask] {
        while let (now, next) = agenda.next() {
            switch next.what {
            case .goesOn: goOn(next.task, now)
            case .asksAgain: ask(next.task, now)
            case .losesPatience(let take): losePatience(next.task, take: take, now)
            }
        }
        precondition(states.allSatisfy { $0.record.start != nil && $0.since == nil }, "a task waits for ever")
        return states.map(\.record)
    }

    /// Goes through a task's steps until one takes time.
    private mutating func goOn(_ task: Int, _ now: Int64) {
        stopWaiting(task, now)
        while states[task].step < scripts[task].steps.count {
            let step = scripts[task].steps[states[task].step]
            states[task].step += 1
            switch step {
            case .begin: states[task].record.start = now
            case .end: states[task].record.end = now
            case .pass(let time):
                if time > 0 { return agenda.add((task, .goesOn), at: now + time) }
            case .open(let label):
                states[task].record.spans.append(
                    SimulatedSpan(label: label, parent: states[task].open.last, start: now, end: now))
                states[task].open.append(states[task].record.spans.count - 1)
            case .close:
                if let span = states[task].open.popLast() { states[task].record.spans[span].end = now }
            case .take:
                states[task].take = states[task].step - 1
                if !ask(task, now) { return }
            case .give(let gate, let permits): give(gate, permits, now)
            }
        }
    }

    /// Whether the task may go on at once; where it is not called from `goOn`, it then does.
    @discardableResult
    private mutating func ask(_ task: Int, _ now: Int64) -> Bool {
        let place = states[task].take
        guard case .take(let gate, let permits, let patience) = scripts[task].steps[place] else { return true }
        let isFirst = states[task].since == nil
        switch gates[gate].ask(Gate.Request(task: task, permits: permits), now: now) {
        case .goOn:
            if !isFirst { agenda.add((task, .goesOn), at: now) }
            return true
        case .waitUntil(let granted): agenda.add((task, .goesOn), at: granted)
        case .askAgain(let later):
            agenda.add((task, .asksAgain), at: later + generator.pick(gates[gate].handOff))
        case .waitInLine:
            if let patience { agenda.add((task, .losesPatience(take: place)), at: now + patience) }
        }
        if isFirst { states[task].since = now }
        return false
    }

    private mutating func give(_ gate: Int, _ permits: Int, _ now: Int64) {
        gates[gate].giveBack(permits)
        while let request = gates[gate].next(&generator) {
            agenda.add((request.task, .goesOn), at: now + generator.pick(gates[gate].handOff))
        }
    }

    private mutating func losePatience(_ task: Int, take: Int, _ now: Int64) {
        guard states[task].since != nil, states[task].take == take,
            case .take(let gate, _, _) = scripts[task].steps[take], gates[gate].leave(task)
        else { return }
        states[task].step = scripts[task].steps.firstIndex { if case .end = $0 { true } else { false } } ?? 0
        goOn(task, now)
    }

    /// What a task waited counts once its transaction is there.
    private mutating func stopWaiting(_ task: Int, _ now: Int64) {
        guard let since = states[task].since else { return }
        states[task].since = nil
        if states[task].record.start != nil { states[task].record.wait += now - since }
    }
}
