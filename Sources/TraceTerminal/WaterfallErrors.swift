import TraceCore

extension WaterfallView {
    /// What went wrong in a row's event, in one line under its name.
    func error(of row: WaterfallLayout.Row) -> [Canvas] {
        guard let errors = errors[row.event], let first = errors.foremost else { return [] }
        var canvas = Canvas(width: options.width)
        let guides = WaterfallName.guides(below: row, signs: signs, deepest: names.deepest)
        let column = canvas.put(guides, column: geometry.nameColumn, .faint)
        let line = ErrorText(first, ascii: options.ascii)
            .line(others: errors.count - 1, columns: options.width - column)
        canvas.put(line, column: column, Style(foreground: .failed))
        return [canvas]
    }
}
