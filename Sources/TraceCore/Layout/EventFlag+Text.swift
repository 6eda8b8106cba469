extension EventFlag {
    /// The short sign of it.
    package func sign(ascii: Bool) -> String {
        switch self {
        case .orphan: "?"
        case .incomplete: "!"
        case .compressed: ascii ? "~" : "≈"
        case .unsampled: ascii ? "o" : "○"
        case .outlivesParent: ascii ? ">" : "→"
        case .beforeParent: ascii ? "<" : "←"
        case .failed: ascii ? "x" : "✕"
        case .cycle: "@"
        }
    }

    /// What its sign means.
    package var meaning: String {
        switch self {
        case .orphan: "its parent never came"
        case .incomplete: "incomplete: spans were dropped"
        case .compressed: "stands for several spans"
        case .unsampled: "unsampled: without its spans"
        case .outlivesParent: "ends after its parent"
        case .beforeParent: "starts before its parent"
        case .failed: "failed"
        case .cycle: "its parents go in a circle"
        }
    }
}
