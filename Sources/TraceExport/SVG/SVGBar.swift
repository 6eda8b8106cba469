import TraceCore

/// A stretch of a bar as it is drawn.
struct SVGBar: Hashable {
    let fill: BarFill
    /// In halves of a px, from where bars begin.
    private(set) var start: Int
    private(set) var count: Int

    private var end: Int { start + count }

    /// The stretches of a bar. Of what is not seen at less than a px, own code between work is left to that, and delays
    /// are left out.
    static func bars(_ stretches: [BarStretch], on scale: TimeScale) -> [SVGBar] {
        var runs: [SVGBar] = []
        for (place, fill) in BarCoverage(stretches, on: scale).eighths.enumerated() {
            guard let fill else { continue }
            if let last = runs.last, last.fill == fill, last.end == place {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(SVGBar(fill: fill, start: place, count: 1))
            }
        }
        var bars: [SVGBar] = []
        for (number, run) in runs.enumerated() where run.fill != .delay || run.count > 1 {
            let next = number + 1 < runs.count ? runs[number + 1] : nil
            let isGap = run.fill == .own && run.count == 1 && next?.fill == .work && next?.start == run.end
            if let last = bars.last, last.fill == .work, last.end == run.start, isGap || run.fill == .work {
                bars[bars.count - 1].count += run.count
            } else {
                bars.append(run)
            }
        }
        return bars
    }

    /// From where bars begin, px.
    func x(in geometry: SVGGeometry) -> Double {
        geometry.barStart + min(Double(start) / 2, geometry.barWidth - width)
    }

    /// px; at least 1.
    var width: Double { max(1, Double(count) / 2) }
}
