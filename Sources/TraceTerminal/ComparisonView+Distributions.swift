import TraceCore

extension ComparisonView {
    /// The columns before the bins.
    private static let margin = 9
    /// Each distribution is so many lines high.
    private static let height = 2

    /// How many bins the histograms of a comparison need, to be drawn in this width: one a column.
    package static func bins(width: Int) -> Int { min(max(width - margin, 8), 80) }

    /// Work and total of both sides, the sides above one another over the same bins. Heights are shares of a side's
    /// tasks, so that sides of different size can be compared.
    func distributions() -> [Canvas] {
        [ComparedQuantity.work, .total].flatMap { quantity -> [Canvas] in
            guard let histogram = comparison[quantity].histogram else { return [] }
            let counts = comparison[quantity].counts
            // Each count times the other side's number of tasks: shares in whole numbers.
            let shares = [(0, counts.b), (1, counts.a)].map { side, other in
                histogram.counts[side].map { Int128($0) * Int128(other) }
            }
            let peak = max(1, shares.lazy.flatMap(\.self).max() ?? 1)
            let style = quantity == .work ? Style(foreground: .work) : .plain
            var canvases: [Canvas] = []
            for (sign, heights) in zip(["A", "B"], shares) {
                canvases += chart(
                    heights, peak: peak, title: sign == "A" ? quantity.rawValue : "", sign: sign, style: style)
            }
            return canvases + [axis(histogram)]
        }
    }

    private func chart(_ heights: [Int128], peak: Int128, title: String, sign: String, style: Style) -> [Canvas] {
        let full = 8 * Self.height
        return (0..<Self.height).map { line in
            var canvas = Canvas(width: options.width)
            let base = 8 * (Self.height - 1 - line)
            if base == 0 {
                canvas.put(title, column: 0, .bold)
                canvas.put(sign, column: Self.margin - 2, .faint)
            }
            for (bin, height) in heights.enumerated() where height > 0 {
                let eighths = Int((height * Int128(full) + peak - 1) / peak) - base
                guard eighths > 0 else { continue }
                canvas.put(signs.height(min(8, eighths)), column: Self.margin + bin, style)
            }
            return canvas
        }
    }

    /// Where the bins begin and end, and the middle where there is room.
    private func axis(_ histogram: Histogram) -> Canvas {
        var canvas = Canvas(width: options.width)
        let last = max(0, histogram.edges[histogram.bins] - 1)
        func text(_ bin: Int) -> SafeText {
            let edge = min(histogram.edges[bin], last)
            let form = DurationText(fitting: histogram.isLogarithmic ? edge : last, ascii: options.ascii)
            return SafeText(own: form.text(edge))
        }
        var column = canvas.put(text(0), column: Self.margin, .faint)
        let end = text(histogram.bins)
        let right = max(column + 2, Self.margin + histogram.bins - end.width)
        for bin in [histogram.bins / 3, 2 * histogram.bins / 3] {
            let label = text(bin)
            guard Self.margin + bin >= column + 2, Self.margin + bin + label.width + 2 <= right else { continue }
            column = canvas.put(label, column: Self.margin + bin, .faint)
        }
        let behind = canvas.put(end, column: right, .faint)
        if histogram.isLogarithmic, behind + 13 <= options.width {
            canvas.put("logarithmic", column: behind + 2, .faint)
        }
        return canvas
    }
}
