/// How large a terminal is.
package struct BrowserSize: Sendable, Hashable {
    /// Columns.
    package var width: Int
    /// Rows.
    package var height: Int

    /// Numbers that no terminal has are brought into range.
    package init(width: Int, height: Int) {
        self.width = min(max(width, 0), 2_000)
        self.height = min(max(height, 0), 1_000)
    }

    /// Whether there is room to show anything that helps.
    var isEnough: Bool { width >= 20 && height >= 5 }
}
