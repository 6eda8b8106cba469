import ArgumentParser
import TraceCore

/// Which tasks of a run are looked at.
struct FilterOptions: ParsableArguments {
    @Option(help: "Transactions of this name instead of the tasks of each run.")
    var name: String?

    @Option(help: "Only tasks of this service.")
    var service: String?

    @Option(help: "Only tasks of this user.")
    var user: String?

    @Option(help: "Only tasks with this outcome: success, failure or unknown.")
    var outcome: String?

    @Option(help: ArgumentHelp("Only tasks with this label. May be repeated.", valueName: "key=value"))
    var label: [String] = []

    /// What the options ask for. Throws where they make no sense.
    func filter() throws(CommandFailure) -> TaskFilter {
        var filter = TaskFilter()
        filter.name = name
        filter.service = service
        filter.user = user
        if let outcome, !Event.Outcome.allCases.contains(where: { $0.text == outcome }) {
            throw CommandFailure(.usage, "--outcome takes success, failure or unknown, not `\(outcome)`")
        }
        filter.outcome = outcome
        filter.labels = try label.map { text throws(CommandFailure) in
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw CommandFailure(.usage, "--label takes KEY=VALUE, not `\(text)`")
            }
            return (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
        return filter
    }
}
