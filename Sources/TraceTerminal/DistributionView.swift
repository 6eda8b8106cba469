import TraceCore

/// How long tasks took and worked, as heights: of each as much of its fullest bin as an eighth block tells.
struct DistributionView {
    private let distribution: Histogram
    private let options: TerminalOptions
    private let signs: Signs
    /// Columns for each bin.
    private let columns: Int

    /// What stands in front of the heights.
    private static let labelWidth = 7
    /// What stands behind them: how many tasks the fullest bin has.
    private static let peakWidth = 16
    private static let mostBins = 60
    /// Fewer tasks than these are told one by one just as well.
    static let leastTasks = 20

    init(_ distribution: Histogram, options: TerminalOptions) {
        self.distribution = distribution
        self.options = options
        signs = Signs(ascii: options.ascii)
        columns = max(1, min(4, Self.bins(options) / distribution.bins))
    }

    /// How many bins there is room for.
    static func bins(_ options: TerminalOptions) -> Int {
        min(mostBins, max(1, options.width - labelWidth - peakWidth))
    }

    func canvases() -> [Canvas] {
        let labels: [(String, Style)] = [
            ("total", .plain), ("work", Style(foreground: .work)),
        ]
        // Where nobody waited they are the same.
        let isOne = distribution.counts.allSatisfy { $0 == distribution.counts.first }
        let rows = zip(labels, distribution.counts).prefix(isOne ? 1 : 2)
        return rows.map { line($0.0.0, $0.1, $0.0.1) } + [axis()]
    }

    private func line(_ label: String, _ counts: [Int], _ style: Style) -> Canvas {
        var canvas = Canvas(width: options.width)
        canvas.put(label, column: 0, style)
        let peak = counts.max() ?? 0
        for (bin, count) in counts.enumerated() where count > 0 {
            let eighths = max(1, (16 * count + peak) / (2 * peak))
            let sign = String(repeating: signs.height(eighths), count: columns)
            canvas.put(sign, column: Self.labelWidth + bin * columns, style)
        }
        let end = Self.labelWidth + counts.count * columns
        canvas.put(SafeText(own: "peak " + Prose.count(peak)), column: end + 2, .faint)
        return canvas
    }

    /// Where the first bin begins and the last ends; between them the middle, where there is room.
    private func axis() -> Canvas {
        var canvas = Canvas(width: options.width)
        let edges = distribution.edges
        let form = DurationText(fitting: edges.last ?? 0, ascii: options.ascii)
        let width = distribution.bins * columns
        let end = form.text(edges.last ?? 0)
        canvas.put(form.text(edges.first ?? 0), column: Self.labelWidth, .faint)
        if width >= 4 * end.count + 4 {
            let middle = distribution.bins / 2
            canvas.put(form.text(edges[middle]), column: Self.labelWidth + middle * columns, .faint)
        }
        if width >= 2 * end.count + 2 {
            canvas.put(end, column: Self.labelWidth + width - end.count, .faint)
        }
        if distribution.isLogarithmic {
            canvas.put(SafeText(own: "logarithmic"), column: Self.labelWidth + width + 2, .faint)
        }
        return canvas
    }
}
