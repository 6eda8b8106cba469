/// What the groups of a report are ordered by, largest first (source: `--sort` of the command line's contract).
package struct ReportOrder: Sendable, Hashable {
    package var measure: ReportMeasure

    /// By summed wait: who waited most.
    package static let standard = ReportOrder(quantity: .wait, figure: .sum)

    package init(_ measure: ReportMeasure) { self.measure = measure }

    package init(quantity: ReportQuantity, figure: StatisticFigure) { measure = .statistic(figure, quantity) }

    /// As `--sort` takes it: `p95(wait)`, `p95:wait`, `wait` for its sum, `wait_share`, `slowdown` or `failed`. Throws
    /// where and what was expected.
    package init(parsing text: String) throws(ExpressionError) {
        var reader = ExpressionReader(text)
        measure = try reader.measure()
        try reader.end()
    }

    /// As `init(parsing:)`; nil where that throws.
    package init?(_ text: String) {
        do throws(ExpressionError) { try self.init(parsing: text) } catch { return nil }
    }
}
