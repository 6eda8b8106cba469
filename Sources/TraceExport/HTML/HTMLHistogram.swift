import TraceCore

/// How values are distributed, drawn: of each set a row of bars over the same bins.
struct HTMLHistogram {
    struct Bars {
        /// In front of them; empty for none.
        var label: String
        /// The class they are drawn with.
        var style: String
        var counts: [Int]
    }

    private let title: String
    private let bars: [Bars]
    private let histogram: Histogram

    private static let height = 64.0

    /// The bars of each set are as high as their share of the set, so that sets of different size can be compared.
    init(title: String, bars: [Bars], of histogram: Histogram) {
        self.title = title
        self.bars = bars
        self.histogram = histogram
    }

    func write(to html: inout HTMLWriter) {
        html.element("figure", ["class": "chart"]) { html in
            html.element("figcaption") { html in
                html.element("b", text: title)
                html.text(", \(histogram.isLogarithmic ? "logarithmic, " : "")tasks by duration")
            }
            for set in bars {
                html.element("div", ["class": set.label.isEmpty ? "bars" : "bars named"]) { html in
                    if !set.label.isEmpty { html.element("span", text: set.label) }
                    write(set, to: &html)
                }
            }
            // Where the first bin begins, the last ends, and two between.
            html.element("div", ["class": "ends"]) { html in
                for third in 0...3 {
                    html.element("span", text: text(histogram.edges[histogram.bins * third / 3]))
                }
            }
        }
    }

    /// The largest share of a set that is in one bin.
    private var peak: Double {
        bars.flatMap { set in set.counts.map { Double($0) / Double(max(1, set.counts.reduce(0, +))) } }.max() ?? 1
    }

    /// Ten wide for each bin, and stretched to the width there is.
    private func write(_ set: Bars, to html: inout HTMLWriter) {
        let all = Double(max(1, set.counts.reduce(0, +)))
        html.element(
            "svg",
            [
                "viewBox": "0 0 \(10 * histogram.bins) \(Int(Self.height))", "preserveAspectRatio": "none",
                "role": "img",
                "aria-label": "\(title)\(set.label.isEmpty ? "" : " of \(set.label)"): \(summary(of: set))",
            ]
        ) { html in
            for (bin, count) in set.counts.enumerated() where count > 0 {
                // What is there is seen.
                let height = max(1.5, Double(count) / all / max(peak, .leastNormalMagnitude) * Self.height)
                html.element(
                    "rect",
                    [
                        "class": set.style, "x": "\(10 * bin)", "y": Self.number(Self.height - height),
                        "width": "9", "height": Self.number(height),
                    ]
                ) { $0.element("title", text: "\(range(bin)): \(CountText.text(count, "task", "tasks"))") }
            }
        }
    }

    private func summary(of set: Bars) -> String {
        let fullest = set.counts.indices.max { set.counts[$0] < set.counts[$1] } ?? 0
        return "most tasks at \(range(fullest))"
    }

    private func range(_ bin: Int) -> String { "\(text(histogram.edges[bin])) – \(text(histogram.edges[bin + 1]))" }

    private func text(_ edge: Int64) -> String {
        let longest = histogram.isLogarithmic ? edge : histogram.edges.last ?? edge
        return DurationText(fitting: longest, ascii: false).text(edge)
    }

    /// A coordinate with two decimals at most, written the same everywhere.
    private static func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
