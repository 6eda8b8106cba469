import TraceCore

/// What has to be known of all lines drawn before the first is.
struct SVGSurvey {
    let geometry: SVGGeometry
    let scale: TimeScale
    /// How the numbers beside the bars are shown: one unit for all that it tells.
    let numbers: DurationText
    /// What the bars show, and which flags occur.
    private(set) var fills: Set<BarFill> = []
    private(set) var flags: Set<EventFlag> = []
    /// Whether something is not drawn where its times say.
    private(set) var hasMoved = false
    /// The types of the spans drawn, by their hue.
    private(set) var types: [Int: Set<String>] = [:]

    init(_ lines: [SVGLine], of outline: WaterfallOutline, _ options: SVGOptions) {
        let width = Double(min(max(options.width, 480), 8_000))
        let trace = outline.layout.analysis.trace
        var (widest, longest, shortest) = (0.0, Int64(0), Int64.max)
        for line in lines {
            widest = max(widest, SVGName(line, of: outline, options, width: .infinity).width)
            guard let row = line.row else { continue }
            longest = max(longest, row.total)
            let parts = [row.total, row.breakdown?.wait ?? 0, row.breakdown?.work ?? 0]
            shortest = min(shortest, parts.filter { $0 > 0 }.min() ?? .max)
            flags.formUnion(row.flags)
            hasMoved = hasMoved || row.isMoved
            let event = trace.events[row.event]
            if event.kind == .span, row.stretches.contains(where: { $0.fill == .work }) {
                let type = trace.symbols[event.subtype ?? event.type]
                types[TypeHue.number(of: type), default: []].insert(type)
            }
        }
        let numbers = DurationText(fitting: longest, ascii: false)
        self.numbers = numbers
        geometry = SVGGeometry(
            width: width, widestName: widest,
            numberColumns: [longest, min(shortest, longest)].map { numbers.text($0).count }.max() ?? 0)
        scale = geometry.scale(outline.window)
        for line in lines {
            for row in line.rows(of: outline) where fills.count < BarFill.allCases.count {
                if row.stretches.allSatisfy({ fills.contains($0.fill) }) { continue }
                // Work and wait are always seen; own code and delays only where they take most of a cell.
                fills.formUnion(BarCoverage(row.stretches, on: scale).cells.compactMap(\.fill))
            }
        }
    }
}

extension SVGLine {
    /// The row that it shows; nil where it is a fold.
    var row: WaterfallLayout.Row? {
        switch content {
        case .row(let row), .exemplar(let row, _): row
        case .fold: nil
        }
    }

    /// The rows whose bars it has: of a fold those of its threads.
    func rows(of outline: WaterfallOutline) -> [WaterfallLayout.Row] {
        guard case .fold(let fold) = content else { return [row].compactMap(\.self) }
        return Self.threads(of: outline.folds[fold], in: outline)
    }

    /// The members of a fold that are drawn below its strip, evenly taken from all.
    static func threads(of fold: WaterfallOutline.Fold, in outline: WaterfallOutline) -> [WaterfallLayout.Row] {
        guard carpetHeight(of: fold) > 0 else { return [] }
        let count = threads(of: fold)
        return (0..<count).map { outline.row(ofPlace: fold.places[$0 * fold.count / count]) }
    }
}
