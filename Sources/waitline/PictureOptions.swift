import ArgumentParser
import TraceCore
import TraceExport
import TraceTerminal

/// What of a run a picture shows.
struct PictureOptions: ParsableArguments {
    @Option(help: "How many rows are shown, or all, then unfolded. Default: 200.")
    var rows: RowLimit?

    @OptionGroup var what: WaterfallOptions

    /// The options that were given, by their names.
    var given: [String] { (rows == nil ? [] : ["--rows"]) + what.given }

    /// The picture of a run, waits told by `settings`; `rename` gives what stands for a text, where that is another.
    /// Throws where an option makes no sense, or the run has no such time.
    func picture(
        of run: RunSource.Run, settings: AnalysisSettings, rename: ((String) -> String)?
    ) throws(CommandFailure) -> SVGWaterfall {
        var options = SVGOptions()
        options.isArriving = run.isArriving
        // Equal siblings fold whatever their number, where not all rows are asked for.
        var folding = 0
        switch rows ?? .standard {
        case .standard: break
        case .first(let count): options.rows = count
        case .all: (options.rows, folding) = (nil, .max)
        }
        options.rename = rename
        let analysis = TraceAnalysis(run.trace, settings: settings)
        let outline = try what.choice(of: analysis).outline(of: WaterfallLayout(analysis), limit: folding)
        return SVGWaterfall(outline, options)
    }
}
