import TraceCore

/// The keys of the browser, and what they do.
struct BrowserHelp {
    private let options: TerminalOptions

    init(_ options: TerminalOptions) { self.options = options }

    private static let sections: [(title: String, keys: [(keys: String, meaning: String)])] = [
        (
            "Moving",
            [
                ("j k, arrows", "down, up"), ("g G", "first row, last row"),
                ("Ctrl-d Ctrl-u", "half a screen down, up"), ("PgDn PgUp", "a screen down, up"),
                ("Enter", "fold or unfold; of a row without children, its details; in the list, open the run"),
                ("l h", "unfold, or into the first child; fold, or to the parent"),
                ("Tab", "details of the selected row; once more: scroll in them"),
                ("mouse", "click selects, on the arrow folds; the wheel scrolls"),
                ("Esc", "back; from the timeline to the list of runs"), ("q", "close the page; quit"),
            ]
        ),
        (
            "Finding",
            [
                ("/ n N", "search in names, users, types, services and ids; next, previous"),
                ("e E", "next, previous failure or error"), ("W V", "next, previous task that waited"),
                ("b B", "to the task that released this one, and back"),
                ("f", "show only what has a text, with its ancestors"),
                ("d", "show only what took at least so long: 5ms, 1.5s"), ("x", "show only failures"),
                ("s", "order siblings by start, total, wait or work"),
                ("c", "fold all to tasks, equal ones to one row, or unfold all"),
            ]
        ),
        (
            "Time",
            [
                ("+ - 0", "closer, less close, the whole run"), ("z", "as close as the selected row fills the axis"),
                ("[ ]", "earlier, later"),
            ]
        ),
        (
            "Showing",
            [
                ("w", "waits on and off"), ("L", "lanes: each slot's tasks on one line"),
                ("A", "align clocks: what other processes did moves into the span it was done for"),
                ("r", "report of this run"), ("i", "what if it had other numbers of slots"),
                ("y", "copy the id to the clipboard"),
                ("F", "follow: what is stored meanwhile appears"), ("a", "in the list: also runs without tasks"),
                ("Ctrl-l", "draw anew"), ("Ctrl-z", "stop; `fg` goes on"), ("?", "this page"),
            ]
        ),
    ]

    func lines() -> [String] {
        var page = PageWriter(options)
        page.line([(SafeText(own: "Keys of waitline browse"), .bold)])
        for section in Self.sections {
            page.section(section.title)
            page.pairs(section.keys.map { (name: $0.keys, value: $0.meaning) })
        }
        page.section("Signs")
        let signs = Signs(ascii: options.ascii)
        page.pairs(
            [
                (signs.full(.work), "work"), (signs.full(.own), "the task's own code"), (signs.full(.wait), "wait"),
                (signs.full(.delay), "delay: before the task was opened"), (signs.failed, "failed"),
                (signs.critical, "on the critical chain: the tasks that set the group's length"),
            ]
                + EventFlag.allCases.filter { $0 != .failed }.map { (signs.mark($0), $0.meaning) }
                + [(signs.moved, "moved into the span above, by A")])
        return page.canvases.flatMap { $0.lines(options.colors) }
    }
}
