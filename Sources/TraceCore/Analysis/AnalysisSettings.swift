/// Where waits come from that no span and no message tells of
/// (source: "Settings" of the definitions of wait and work).
///
/// What is said of a group's line (its kind, its slots, how full they were, delays) is told of the data and the same
/// under each of them; what differs is which tasks wait in it.
package enum Inference: String, Sendable, CaseIterable {
    /// From the line of a group, where one is seen, and from lines within tasks.
    case auto
    /// From nothing: wait spans and message age alone count, and nobody is released by anybody.
    case explicit
    /// From the gap before the first work of every sampled task that has any, grouped or not; nobody is released by
    /// anybody.
    case gap

    /// The inferred wait of a task, as far as none of its spans is open; nil where it has none. `admitted` is what
    /// the line of its group says.
    func wait(of spans: @autoclosure () -> TaskSpans, admitted: Interval?) -> Interval? {
        switch self {
        case .auto: admitted
        case .explicit: nil
        case .gap: spans().gapBeforeWork
        }
    }
}

/// What can be chosen about the analysis of a trace.
package struct AnalysisSettings: Sendable, Hashable {
    package var inference: Inference
    package var words: WaitWords

    package static let standard = AnalysisSettings()

    package init(inference: Inference = .auto, words: WaitWords = .standard) {
        self.inference = inference
        self.words = words
    }
}
