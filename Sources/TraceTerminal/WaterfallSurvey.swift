import TraceCore

/// What has to be known of all lines shown before the first is drawn.
struct WaterfallSurvey {
    let geometry: WaterfallGeometry
    let scale: TimeScale
    /// How the numbers beside the bars are shown: one unit for all that it tells. Folds, which are sums, have their own.
    let numbers: DurationText
    /// What the bars show, which flags occur, and what else has to be explained.
    private(set) var fills: Set<BarFill> = []
    private(set) var flags: Set<EventFlag> = []
    private(set) var hasMoved = false
    private(set) var hasStrips = false
    private(set) var hasBoundaries = false

    init(_ lines: WaterfallLines, names: WaterfallNames, options: TerminalOptions) {
        var widths = Widths(ascii: options.ascii)
        for index in 0..<lines.count {
            let line = lines[index]
            widths.name = max(widths.name, names.name(line, lines: lines, hasBars: true).width)
            switch line {
            case .row(let row, _), .exemplar(_, let row):
                widths.add([row.total, row.breakdown?.wait ?? 0, row.breakdown?.work ?? 0])
                flags.formUnion(row.flags)
                hasMoved = hasMoved || row.isMoved
            case .fold(let number, _, _):
                let fold = lines.outline.folds[number]
                widths.number = max(widths.number, FoldNumbers(fold, ascii: options.ascii).width)
                if fold.failed > 0 { flags.insert(.failed) }
                hasStrips = true
            case .lane(let lane):
                widths.add([lines.work(of: lane)])
                widths.number = max(widths.number, Prose.count(lane.members.count).count)
                hasBoundaries = hasBoundaries || lane.members.count > 1
            case .group: break
            }
        }
        for label in ActivityLabel.allCases where !lines.outline.layout.analysis.groups.isEmpty {
            widths.name = max(widths.name, label.rawValue.count + 5)
        }
        let numbers = DurationText(fitting: widths.longest, ascii: options.ascii)
        self.numbers = numbers
        let widest = [widths.longest, min(widths.shortest, widths.longest)].map { numbers.text($0).count }.max() ?? 0
        geometry = WaterfallGeometry(
            width: options.width, widestName: widths.name, numberWidth: max(widest, widths.number),
            columns: lines.lanes == nil ? WaterfallGeometry.Quantity.ofRows : WaterfallGeometry.Quantity.ofLanes)
        scale = TimeScale(lines.window, cells: geometry.cells)
        if geometry.cells > 0 { lookAtBars(lines) }
    }

    /// The widths that the lines ask for.
    private struct Widths {
        let ascii: Bool
        var name = 0
        var number = 0
        var longest: Int64 = 0
        var shortest = Int64.max

        init(ascii: Bool) { self.ascii = ascii }

        mutating func add(_ times: [Int64]) {
            longest = max(longest, times.max() ?? 0)
            shortest = min(shortest, times.filter { $0 > 0 }.min() ?? .max)
        }
    }

    private mutating func lookAtBars(_ lines: WaterfallLines) {
        for index in 0..<lines.count where fills.count < BarFill.allCases.count {
            switch lines[index] {
            case .row(let row, _), .exemplar(_, let row): look(at: row.stretches)
            case .lane(let lane):
                guard let drawn = lines.lanes?.drawn(lane) else { continue }
                look(at: drawn.stretches)
                if drawn.tasks.contains(where: \.isFailed) { flags.insert(.failed) }
            case .fold, .group: break
            }
        }
    }

    private mutating func look(at stretches: [BarStretch]) {
        if stretches.allSatisfy({ fills.contains($0.fill) }) { return }
        // Work and wait are always seen; own code and delays only where they take most of a cell.
        if stretches.contains(where: { $0.fill == .own || $0.fill == .delay }) {
            fills.formUnion(BarCoverage(stretches, on: scale).cells.compactMap(\.fill))
        } else {
            fills.formUnion(stretches.map(\.fill))
        }
    }
}

/// The numbers of a fold: sums, in the unit that fits them.
struct FoldNumbers {
    let total: SafeText
    /// Nil of spans, which neither wait nor work in part.
    let wait: SafeText?
    let work: SafeText?

    init(_ fold: WaterfallOutline.Fold, ascii: Bool) {
        let form = DurationText(fitting: fold.total, ascii: ascii)
        let none = SafeText(own: Signs(ascii: ascii).none)
        let isOfTasks = fold.kind == .transaction
        total = SafeText(own: form.text(fold.total))
        wait = isOfTasks ? (fold.wait == 0 ? none : SafeText(own: form.text(fold.wait))) : nil
        work = isOfTasks ? SafeText(own: form.text(fold.work)) : nil
    }

    var width: Int { max(total.width, wait?.width ?? 0, work?.width ?? 0) }
}
