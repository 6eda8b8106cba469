/// What a simulated task does, one thing after the other.
package enum SimulatedStep: Sendable {
    /// Its transaction starts. What comes before is done by who opens it.
    case begin
    case end
    /// µs in which it opens and closes nothing.
    case pass(Int64)
    /// A span opens, below the one that is open.
    case open(SpanLabel)
    /// The span that was opened last ends.
    case close
    /// It asks a gate, by its number, for permits and waits for them. After `patience` µs it goes on with its `end`.
    case take(gate: Int, permits: Int = 1, patience: Int64? = nil)
    case give(gate: Int, permits: Int = 1)
}

/// The name and type that spans have in common.
package struct SpanLabel: Sendable, Hashable {
    package var type: String
    package var name: String

    package static let lookup = Self(type: "external.http", name: "GET prices")
    package static let query = Self(type: "db.postgresql.query", name: "SELECT FROM usage")
    package static let write = Self(type: "db.postgresql.query", name: "INSERT INTO bills")
    package static let post = Self(type: "external.http", name: "POST bill")
    package static let call = Self(type: "app", name: "get_clusters_used")
}

/// One simulated task: when it comes, where it runs, and what it does.
package struct SimulatedScript: Sendable {
    /// µs after the run's start.
    package var arrival: Int64
    /// The run's root is in process 0.
    package var process: Int
    package var steps: [SimulatedStep]

    package init(arrival: Int64, process: Int = 0, steps: [SimulatedStep]) {
        self.arrival = arrival
        self.process = process
        self.steps = steps
    }
}

/// All that is needed to simulate a run.
package struct Scenario: Sendable {
    package var gates: [Gate]
    package var scripts: [SimulatedScript]

    package init(gates: [Gate] = [], scripts: [SimulatedScript]) {
        self.gates = gates
        self.scripts = scripts
    }
}
