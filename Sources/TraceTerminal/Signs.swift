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
    var folded: String { ascii ? ">" : "▸" }
    var branch: String { ascii ? "+ " : "├ " }
    var lastBranch: String { ascii ? "\\ " : "└ " }
    var guide: String { ascii ? "| " : "│ " }
    /// In front of guides that were left out.
    var deeper: String { ascii ? ". " : "… " }
    var failed: String { ascii ? "x" : "✕" }
    /// Of an event that is not drawn where its times say.
    var moved: String { ascii ? "^" : "⇄" }
    /// Of an event that is linked to spans of other traces.
    var linked: String { "&" }
    /// Of a task that set how long its group took.
    var critical: String { "*" }
    /// Between two neighbours that follow on one another within a cell.
    var boundary: String { ascii ? "|" : "▊" }

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

    /// How high a number stands of the largest of its kind, which is not 0; what is not 0 is never drawn empty.
    func height(of number: Int, peak: Int) -> String {
        height(max(1, (16 * number + peak) / (2 * peak)))
    }

    /// Heights from 1 to 8, one behind the other.
    func heights(_ eighths: [Int]) -> String { eighths.map { height($0) }.joined() }

    /// The short mark of a flag; failed tasks have theirs on the bar.
    func mark(_ flag: EventFlag) -> String { flag.sign(ascii: ascii) }
}
