import TraceCore
import TraceExport
import TraceIntake
import TraceTerminal

/// A run as a picture, drawn by what the command line says.
struct SVGExport {
    private let run: RunSource.Run
    private var options = SVGOptions()
    private var query = WaterfallQuery()

    /// `pseudonym` stands in for the id of each user, wherever it is shown, where it is given.
    init(_ run: RunSource.Run, rows: RowLimit, pseudonym: ((String) -> String)?) {
        self.run = run
        options.isArriving = run.isArriving
        switch rows {
        case .standard: break
        case .first(let count): options.rows = count
        case .all:
            options.rows = nil
            query.folds = false
        }
        if let pseudonym {
            let users = UserPseudonyms(NDJSONExport.users(of: run.trace), pseudonym)
            options.rename = { users.replacing(in: $0) }
        }
    }

    /// The picture, waits told by `settings`.
    func picture(_ settings: AnalysisSettings) -> SVGWaterfall {
        let layout = WaterfallLayout(TraceAnalysis(run.trace, settings: settings))
        return SVGWaterfall(WaterfallOutline(layout, query: query), options)
    }
}
