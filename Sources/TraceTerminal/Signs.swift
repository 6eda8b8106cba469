import TraceCore

/// The signs that views are drawn with, in Unicode or in ASCII.
struct Signs: Sendable {
    let ascii: Bool

    init(ascii: Bool) { self.ascii = ascii }

    var ellipsis: String { ascii ? "..." : "…" }
    var times: String { ascii ? "x" : "×" }
    /// Where there is no value.
    var none: String { ascii ? "-" : "–" }
    var unfolded: String { ascii ? "v" : "▾" }
    var branch: String { ascii ? "+ " : "├ " }
    var lastBranch: String { ascii ? "\\ " : "└ " }
    var guide: String { ascii ? "| " : "│ " }
    /// In front of guides that were left out.
    var deeper: String { ascii ? ". " : "… " }
    var failed: String { ascii ? "x" : "✕" }
    /// In front of a stack's frame of the program's own.
    var ownFrame: String { ascii ? ">" : "▸" }

    /// A cell that is full of something.
    func full(_ fill: BarFill) -> String {
        switch fill {
        case .work: ascii ? "#" : "█"
        case .own: ascii ? "=" : "▒"
        case .wait: ascii ? "." : "░"
        case .delay: ascii ? "-" : "·"
        }
    }

    /// A cell filled from the left to so many eighths, 1 to 8.
    func left(_ eighths: Int) -> String { ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"][eighths - 1] }

    /// A cell filled from below to so many eighths, 1 to 8.
    func height(_ eighths: Int) -> String {
        let steps = ascii ? [".", ":", "-", "=", "+", "*", "%", "#"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        return steps[eighths - 1]
    }

    /// The short mark of a flag; failed tasks have theirs on the bar.
    func mark(_ flag: EventFlag) -> String {
        switch flag {
        case .orphan: "?"
        case .incomplete: "!"
        case .compressed: ascii ? "~" : "≈"
        case .unsampled: ascii ? "o" : "○"
        case .outlivesParent: ascii ? ">" : "→"
        case .beforeParent: ascii ? "<" : "←"
        case .failed: failed
        case .cycle: "@"
        }
    }
}

extension EventFlag {
    /// What its mark means.
    var meaning: String {
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
