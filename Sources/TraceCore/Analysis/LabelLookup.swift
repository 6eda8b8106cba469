/// What the tasks of a run have under one label: each its own, else that of its run's root, else the metadata's.
struct LabelLookup {
    private let tasks: TaskColumns
    /// By set of labels: the value of the label in it, 0 where it has none.
    private let values: [UInt32]
    private let roots: UInt32

    /// Nil where the run has no label of that key.
    init?(_ key: String, in figures: RunFigures) {
        guard figures.labels.last > 0, let key = figures.texts.number(of: key) else { return nil }
        values = figures.labels.values(of: key)
        roots = values[Int(figures.rootLabels)]
        tasks = figures.tasks
    }

    /// The number of a task's label among the texts of its run; 0 where it has none.
    subscript(_ task: Int) -> UInt32 {
        let value = values[Int(tasks[.ownLabels, task])]
        if value != 0 { return value }
        return roots != 0 ? roots : values[Int(tasks[.sentLabels, task])]
    }
}

extension Event.Outcome {
    /// As it is sent and shown.
    package var text: String {
        switch self {
        case .unknown: "unknown"
        case .success: "success"
        case .failure: "failure"
        }
    }
}
