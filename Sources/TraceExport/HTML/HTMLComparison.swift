package import TraceCore

/// Two sets of runs as a page that stands alone: what follows from their figures, the figures, their distributions and
/// users, and a picture of the newest run of each. The same runs give the same bytes.
package struct HTMLComparison {
    /// One side.
    package struct Side {
        /// What it was called by whoever asked.
        package var name: String
        /// Its newest run.
        package var newest: TraceAnalysis
        package var isArriving: Bool

        package init(name: String, newest: TraceAnalysis, isArriving: Bool) {
            self.name = name
            self.newest = newest
            self.isArriving = isArriving
        }
    }

    /// How many bins the histograms of a comparison need.
    package static let bins = 60

    private let comparison: Comparison
    private let sides: [(sign: String, side: Side)]
    private let rename: ((String) -> String)?

    /// `rename` gives what stands for a text of the runs, wherever one is shown: to hide whom it is about.
    package init(_ comparison: Comparison, a: Side, b: Side, rename: ((String) -> String)? = nil) {
        self.comparison = comparison
        sides = [("A", a), ("B", b)]
        self.rename = rename
    }

    /// The whole page.
    package func text() -> String {
        let verdict = comparison.verdictText(ascii: false)
        return HTMLDocument(title: "\(name(0)) and \(name(1)) · waitline") { html in
            html.element("header") { html in
                html.element("h1") { html in
                    html.element("span", ["class": "text"], text: name(0))
                    html.element("small", text: " compared with ")
                    html.element("span", ["class": "text"], text: name(1))
                }
                for place in sides.indices { HTMLFrame.facts(facts(place), to: &html) }
                HTMLFrame.facts([("", pairing), ("inference", comparison.inference.rawValue)], to: &html)
            }
            html.element("main") { html in
                html.element("p", ["class": "lead"]) { html in
                    html.element("b", text: "Verdict: \(verdict.claim)")
                    html.text(": \(verdict.figures).")
                }
                writeQuantities(to: &html)
                writeDistributions(to: &html)
                writeUsers(to: &html)
                HTMLFrame.notes(notes, to: &html)
                for place in sides.indices { writePicture(place, to: &html) }
            }
            HTMLFrame.footer(to: &html)
            html.markup(HTMLFrame.viewer)
        }.text
    }

    private func name(_ place: Int) -> String { shown(sides[place].side.name) }

    private func shown(_ name: String) -> String { HTMLWriter.name(rename?(name) ?? name) }

    private func facts(_ place: Int) -> [(word: String, value: String)] {
        let side = place == 0 ? comparison.a : comparison.b
        var facts = [(word: sides[place].sign, value: name(place))]
        facts.append(("", CountText.text(side.runs, "run", "runs")))
        facts.append(("", CountText.text(side.tasks, "task", "tasks")))
        if side.statistics.failed > 0 { facts.append(("failed", CountText.text(side.statistics.failed))) }
        if side.incomplete > 0 { facts.append(("incomplete", CountText.text(side.incomplete))) }
        if side.unsampled > 0 { facts.append(("excluded", CountText.text(side.unsampled) + " unsampled")) }
        if let slots = side.slots { facts.append(("slots", slots > 0 ? CountText.text(slots) : "–")) }
        facts.append(("wait share", side.statistics.waitShare.text))
        return facts
    }

    private var pairing: String {
        guard comparison.isPaired else {
            let b = CountText.text(comparison.b.tasks, "task", "tasks")
            return "n \(CountText.text(comparison.a.tasks)) and \(b), unpaired"
        }
        return "n \(CountText.text(comparison.usersOnBothSides, "user", "users")), paired"
    }

    /// The percentiles of both sides, one quantity a line, each line in a unit of its own.
    private func writeQuantities(to html: inout HTMLWriter) {
        html.element("h2", text: "What changed")
        var table = HTMLTable(
            caption: "Medians and p95 of both sides; real where p < 0.01 and the median moved by more than 5 %",
            isSortable: false,
            columns: [
                .text(""), .number("A p50"), .number("B p50"), .number("A p95"), .number("B p95"), .number("change"),
                .number("p"), .text(""), .text("test"),
            ])
        for quantity in comparison.quantities {
            let (a, b, counts) = (quantity.a, quantity.b, quantity.counts)
            let form = DurationText(fitting: [a.p50, b.p50, a.p95, b.p95].max() ?? 0, ascii: false)
            let isDashed = quantity.quantity == .wait || quantity.quantity == .delay
            func time(_ value: Int64, _ count: Int, hundredths: Int = 5_000) -> HTMLTable.Cell {
                guard count >= Percentile.valuesNeeded(hundredths: hundredths), value > 0 || !isDashed else {
                    return .none
                }
                let style = quantity.quantity == .wait ? "wait-text" : ""
                return .number(form.text(value), value: value, style: style)
            }
            if quantity.isReal { table.rowStyles[table.rows.count] = "real" }
            table.rows.append([
                .text(quantity.quantity.rawValue), time(a.p50, counts.a), time(b.p50, counts.b),
                time(a.p95, counts.a, hundredths: 9_500), time(b.p95, counts.b, hundredths: 9_500),
                quantity.changeText.map { .number($0, value: 0) } ?? .none, .number(quantity.testText, value: 0),
                .text(quantity.mark), .text(quantity.test?.kind.text ?? ""),
            ])
        }
        table.write(to: &html)
    }

    private func writeDistributions(to html: inout HTMLWriter) {
        html.element("div", ["class": "charts"]) { html in
            for quantity in [ComparedQuantity.work, .total] {
                guard let histogram = comparison[quantity].histogram else { continue }
                let style = quantity == .work ? "wl-work" : "total-bar"
                let bars = zip(["A", "B"], histogram.counts).map {
                    HTMLHistogram.Bars(label: $0, style: style, counts: $1)
                }
                HTMLHistogram(title: quantity.rawValue, bars: bars, of: histogram).write(to: &html)
            }
        }
    }

    /// Who came and who went, and whose figures changed most: by turnaround where the verdict is about that, else by
    /// work.
    private func writeUsers(to html: inout HTMLWriter) {
        guard comparison.a.users > 0 || comparison.b.users > 0 else { return }
        html.element("h2", text: "Users")
        let (gained, lost) = (comparison.usersGained, comparison.usersLost)
        HTMLFrame.facts(
            [("on both sides", comparison.usersOnBothSides), ("gained", gained.count), ("lost", lost.count)]
                .map { ($0, CountText.text($1)) }, to: &html)
        for (word, users) in [("gained", gained), ("lost", lost)] where !users.isEmpty {
            let rest = users.count - Self.mostNamed
            let more = rest > 0 ? " … \(CountText.text(rest)) more" : ""
            let named = users.prefix(Self.mostNamed).map(shown)
            html.element("p", ["class": "text"], text: "\(word): \(named.joined(separator: ", "))\(more)")
        }
        let isByTurnaround = comparison.verdict == .scheduling
        let users = isByTurnaround ? comparison.usersByTurnaround : comparison.usersByWork
        guard !users.isEmpty else { return }
        let form = DurationText(fitting: users.lazy.map { max($0.a, $0.b) }.max() ?? 0, ascii: false)
        let quantity = isByTurnaround ? "turnaround" : "work"
        var table = HTMLTable(
            caption: "Users whose median \(quantity) changed most", isSortable: true,
            columns: [
                .text("user"), .number("A"), .number("B"), .number("change"), .number("tasks A"), .number("tasks B"),
            ])
        for user in users {
            table.rows.append([
                .text(shown(user.user)), .number(form.text(user.a), value: user.a),
                .number(form.text(user.b), value: user.b),
                .number(user.change.text ?? "from 0", value: Int64(clamping: user.change.tenThousandths ?? .max)),
                .number(CountText.text(user.tasksOfA), value: Int64(user.tasksOfA)),
                .number(CountText.text(user.tasksOfB), value: Int64(user.tasksOfB)),
            ])
        }
        table.write(to: &html)
    }

    private static let mostNamed = 10

    private func writePicture(_ place: Int, to html: inout HTMLWriter) {
        let (sign, side) = sides[place]
        let picture = HTMLPicture(
            side.newest, isArriving: side.isArriving, errors: [:], rename: rename, prefix: sign.lowercased())
        html.element("section") { html in
            html.element("h2") { html in
                html.text("\(sign): ")
                html.element("span", ["class": "text"], text: HTMLRun.name(of: side.newest.trace, rename: rename))
                html.element("small", text: ", trace \(side.newest.trace.id.text)")
            }
            if (place == 0 ? comparison.a : comparison.b).runs > 1 {
                html.element("p", text: "The newest run of this side.")
            }
            picture.write(to: &html)
        }
    }

    /// What has to be known to read the figures.
    private var notes: [String] {
        var notes = ["Medians do not add up."]
        if comparison.isPaired, comparison.usersLeftOut > 0 {
            let users = CountText.text(comparison.usersLeftOut, "user is", "users are")
            notes.append("\(users) on one side alone and left out of the tests")
        }
        if comparison.runsOnBothSides > 0 {
            let runs = CountText.text(comparison.runsOnBothSides, "run is", "runs are")
            notes.append("\(runs) on both sides: what is compared is partly the same")
        }
        for (sign, side) in [("A", comparison.a), ("B", comparison.b)] {
            if side.arriving > 0 {
                notes.append(
                    "\(sign): \(CountText.text(side.arriving, "run", "runs")) still arriving: not all is counted yet")
            }
            if side.runsWithoutGroups > 0, comparison.inference == .auto {
                notes.append("\(sign): " + Notes.withoutGroups(side.runsWithoutGroups, of: side.runs))
            }
        }
        return notes + Notes.meaning(of: comparison.inference)
    }
}
