import TraceCore
import TraceTerminal

/// Where answers go. A reader that closes the pipe ends the command quietly.
enum StandardOutput {
    static func write(_ text: String) throws(BrokenPipe) {
        guard Platform.write(text) else { throw BrokenPipe() }
    }

    /// An answer that some budgets are held against: where there are any, who reads no further than a line wants to know
    /// all the same whether one held.
    static func write(_ text: String, before budgets: [Budget]) throws(BrokenPipe) {
        guard Platform.write(text) || !budgets.isEmpty else { throw BrokenPipe() }
    }

    /// A picture, line by line.
    static func write(_ view: WaterfallView) throws(BrokenPipe) {
        var text = ""
        var isOpen = true
        view.write { line in
            guard isOpen else { return }
            text += line
            text += "\n"
            if text.utf8.count > 1 << 16 {
                isOpen = Platform.write(text)
                text = ""
            }
        }
        guard isOpen else { throw BrokenPipe() }
        try write(text)
    }

    /// Lines, each with its newline.
    static func write(_ lines: [String]) throws(BrokenPipe) {
        var text = ""
        for line in lines {
            text += line
            text += "\n"
            if text.utf8.count > 1 << 16 {
                try write(text)
                text = ""
            }
        }
        if !text.isEmpty { try write(text) }
    }
}
