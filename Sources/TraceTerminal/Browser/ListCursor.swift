/// Where one is in a list: which of its rows is selected, and which is the first on the screen.
struct ListCursor: Sendable, Hashable {
    private(set) var selected = 0
    private(set) var top = 0

    /// Selects a row; the screen follows when it is drawn.
    mutating func select(_ row: Int) { selected = row }

    /// Selects a row that takes the place on the screen that the selected one has.
    mutating func replace(by row: Int) {
        top += row - selected
        selected = row
    }

    /// Brings both into range: the list has `count` rows, the screen shows `height` of them.
    mutating func settle(count: Int, height: Int) {
        selected = min(max(selected, 0), max(0, count - 1))
        // Two rows of what comes are seen before one gets there.
        let margin = min(2, max(0, (height - 1) / 2))
        top = min(top, max(0, selected - margin))
        top = max(top, selected + margin - height + 1)
        top = min(max(top, 0), max(0, count - height))
    }

    /// Moves the screen and not the selection, which stays in sight.
    mutating func scroll(by rows: Int, count: Int, height: Int) {
        top = min(max(top + rows, 0), max(0, count - height))
        let margin = min(2, max(0, (height - 1) / 2))
        let first = top == 0 ? 0 : top + margin
        let last = top + height >= count ? count - 1 : top + height - 1 - margin
        selected = max(0, min(max(selected, first), last))
    }

    /// Takes a key that moves in a list; false where it doesn't.
    mutating func take(_ key: Key, count: Int, height: Int) -> Bool {
        let page = max(1, height - 1)
        switch key {
        case .text("j"), .down, .control("n"): selected += 1
        case .text("k"), .up, .control("p"): selected -= 1
        case .text("g"), .home: selected = 0
        case .text("G"), .end: selected = count - 1
        case .pageDown, .control("f"), .text(" "): move(page)
        case .pageUp, .control("b"): move(-page)
        case .control("d"): move(max(1, height / 2))
        case .control("u"): move(-max(1, height / 2))
        case .wheelDown: scroll(by: 3, count: count, height: height)
        case .wheelUp: scroll(by: -3, count: count, height: height)
        default: return false
        }
        selected = min(max(selected, 0), max(0, count - 1))
        return true
    }

    /// Selection and screen together.
    private mutating func move(_ rows: Int) {
        selected += rows
        top += rows
    }
}
