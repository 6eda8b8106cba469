package import TraceCore

/// A run as a page that stands alone: the picture, what there is to say of its waiting, and the report. With the program
/// in it the picture can be walked through; without, the page says the same. The same run gives the same bytes.
package struct HTMLRun {
    private let analysis: TraceAnalysis
    private let report: HTMLReport
    private let picture: HTMLPicture
    private let isArriving: Bool
    private let rename: ((String) -> String)?

    /// - Parameters:
    ///   - report: of this run alone, by user.
    ///   - isArriving: whether the run has no root yet and its events still come.
    ///   - errors: what went wrong, by event.
    ///   - rename: what stands for a text of the run, wherever one is shown: to hide whom it is about.
    package init(
        _ analysis: TraceAnalysis, report: TaskReport, isArriving: Bool, errors: [Int: [String]] = [:],
        rename: ((String) -> String)? = nil
    ) {
        self.analysis = analysis
        self.report = HTMLReport(report, rename: rename)
        self.isArriving = isArriving
        self.rename = rename
        picture = HTMLPicture(analysis, isArriving: isArriving, errors: errors, rename: rename, prefix: "run")
    }

    /// The whole page.
    package func text() -> String {
        HTMLDocument(title: "\(name) · waitline") { html in
            html.element("header") { html in
                html.element("h1", ["class": "text"], text: name)
                HTMLFrame.facts(facts, to: &html)
            }
            html.element("main") { html in
                if let sentence = report.diagnosis {
                    html.element("p", ["class": report.hasWait ? "lead" : "lead calm"], text: sentence + ".")
                }
                picture.write(to: &html)
                html.element("section", ["aria-labelledby": "report"]) { html in
                    html.element("h2", ["id": "report"], text: "Report")
                    report.write(to: &html)
                }
            }
            HTMLFrame.footer(to: &html)
            html.markup(HTMLFrame.viewer)
        }.text
    }

    private func shown(_ text: String) -> String { rename?(text) ?? text }

    private var name: String { Self.name(of: analysis.trace, rename: rename) }

    /// What a run is called.
    static func name(of trace: Trace, rename: ((String) -> String)?) -> String {
        let name = trace.namesake.map { trace.symbols.text(trace.events[$0].name) ?? "(no name)" }
        guard let name else { return "a run without a transaction" }
        return HTMLWriter.name(rename?(name) ?? name)
    }

    private var facts: [(word: String, value: String)] {
        let trace = analysis.trace
        var facts: [(word: String, value: String)] = []
        if let namesake = trace.namesake {
            facts.append(("service", shown(trace.symbols[trace.events[namesake].service])))
        }
        facts.append(("trace", trace.id.text))
        facts.append(("started", CalendarTime(trace.start, secondsFromUTC: 0).text + " UTC"))
        facts.append(("makespan", DurationText(fitting: trace.makespan, ascii: false).text(trace.makespan)))
        if let group = analysis.largestGroup, group.knownSlots != 0 { facts.append(LineText.fact(group, ascii: false)) }
        facts.append(("transactions", CountText.text(trace.transactions.count)))
        facts.append(("spans", CountText.text(trace.events.count - trace.transactions.count)))
        if trace.errorCount > 0 { facts.append(("errors", CountText.text(trace.errorCount))) }
        if isArriving { facts.append(("", "still arriving: not all is here yet")) }
        return facts
    }
}

/// One run's picture in a page, and its columns for the program.
struct HTMLPicture {
    private let layout: WaterfallLayout
    private let errors: [Int: [String]]
    private let options: SVGOptions

    /// `prefix` begins the ids inside, and is another in each picture of a page.
    init(
        _ analysis: TraceAnalysis, isArriving: Bool, errors: [Int: [String]], rename: ((String) -> String)?,
        prefix: String
    ) {
        layout = WaterfallLayout(analysis)
        self.errors = errors
        var options = SVGOptions()
        options.width = 1_200
        options.isArriving = isArriving
        options.rename = rename
        options.prefix = prefix
        options.hasStyle = false
        self.options = options
    }

    func write(to html: inout HTMLWriter) {
        html.element("section", ["class": "waterfall", "aria-label": "Waterfall"]) { html in
            html.element("figure", ["class": "picture"]) { html in
                html.made(SVGWaterfall(WaterfallOutline(layout), options).text())
            }
            var columns = HTMLColumns(layout, errors: errors, rename: options.rename)
            html.element("script", ["type": "application/json"]) { $0.made(columns.json()) }
        }
    }
}
