import TestSupport
import Testing
import TraceCore

@Suite struct WaterfallOutlineTests {
    typealias Entry = WaterfallOutline.Entry

    /// Six equal tasks of two queries each, behind two slots, under a run; and a span of the run.
    private static func crowd() -> Drawing {
        Drawing(
            """
            run |============|
              a |#           |
            u1  |##..##      |
            u2  |####        |
            u3  |......####  |
            u4  |....########|
            u5  |          # |
            u6  |...........#|
            """)
    }

    private func outline(
        _ drawing: Drawing, opened: Set<Int> = [], closed: Set<Int> = [], openedFolds: Set<Int> = [],
        _ change: (inout WaterfallQuery) -> Void = { _ in }
    ) -> WaterfallOutline {
        var query = WaterfallQuery()
        change(&query)
        return WaterfallOutline(
            WaterfallLayout(drawing.analysis), query: query, opened: opened, closed: closed, openedFolds: openedFolds)
    }

    /// The entries as text: how far each is set in, and its id, or how many a fold has.
    private func text(_ outline: WaterfallOutline) -> [String] {
        let layout = outline.layout
        return outline.entries.indices.map { index in
            let indent = String(repeating: " ", count: outline.depth(at: index))
            switch outline.entries[index] {
            case .row(let place): return indent + layout.analysis.trace.events[layout.tree.rows[place].event].id.text
            case .fold(let fold): return indent + "\(outline.folds[fold].count) x \(outline.folds[fold].label)"
            }
        }
    }

    private func event(_ name: String, _ outline: WaterfallOutline) -> Int {
        outline.layout.analysis.trace.index(name)
    }

    @Test("without a query and without folds every row is an entry, in the order of the tree")
    func everything() {
        let outline = outline(Self.crowd()) { $0.folds = false }
        #expect(outline.entries == (0..<outline.layout.count).map { Entry.row($0) })
        #expect(outline.leftOut == 0 && outline.folded == 0 && outline.closed == 0)
        #expect(outline.window == outline.layout.window)
        for place in 0..<outline.layout.count {
            let (row, plain) = (outline.row(at: place), outline.layout.row(place))
            #expect(row.followed == plain.followed && row.depth == plain.depth)
            #expect(row.hasChildren == plain.hasChildren && row.stretches == plain.stretches)
        }
    }

    @Test("five equal siblings or more fold to one entry in the place of the first")
    func folding() throws {
        let outline = outline(Self.crowd())
        #expect(text(outline) == ["run", "a", "6 x task"])
        let fold = try #require(outline.folds.first)
        #expect(fold.key == event("u1", outline))
        #expect(fold.failed == 0)
        #expect(outline.folded == outline.layout.count - 2)
        #expect(!outline.isOpen(at: 2) && outline.isOpen(at: 0))
        #expect(fold.total == Int128(fold.places.reduce(0) { $0 + outline.layout.row($1).total }))
        #expect(fold.wait == Int128(fold.places.reduce(0) { $0 + (outline.layout.row($1).breakdown?.wait ?? 0) }))
        #expect(fold.wait + fold.work == fold.total)
    }

    @Test("the exemplars of a fold are nearest ranks of its members' totals")
    func exemplars() throws {
        let outline = outline(Self.crowd())
        let fold = try #require(outline.folds.first)
        // Of totals 10, 40, 60, 100, 120 and 120.
        #expect(fold.exemplars.map(\.rank) == [.p50, .max], "p99 is the longest")
        #expect(outline.row(ofPlace: fold.exemplars[0].place).event == event("u1", outline))
        #expect(fold.exemplars[1].place == fold.max)
        #expect(outline.row(ofPlace: fold.max).total == 120)
    }

    @Test("one that failed stands with the exemplars where none of them did")
    func failedExemplar() throws {
        var drawing = Self.crowd()
        drawing.edit("u3") { event, _ in event.outcome = .failure }
        let fold = try #require(outline(drawing).folds.first)
        #expect(fold.exemplars.map(\.rank) == [.p50, .max, .failed])
        #expect(outline(drawing).row(ofPlace: fold.exemplars[2].place).event == drawing.trace.index("u3"))
        drawing.edit("u1") { event, _ in event.outcome = .failure }
        #expect(try #require(outline(drawing).folds.first).exemplars.map(\.rank) == [.p50, .max])
    }

    @Test("exemplars are rows below their closed fold where they are asked for")
    func exemplarRows() throws {
        let drawing = Self.crowd()
        let closed = outline(drawing) { $0.showsExemplars = true }
        #expect(text(closed) == ["run", "a", "6 x task", " u1", " u6"])
        #expect(closed.entries.indices.map(closed.rank) == [nil, nil, nil, .p50, .max])
        #expect(closed.folded == outline(drawing).folded, "they are folded all the same")
        #expect(!closed.hasChildren(at: 3) && closed.row(at: 3).depth == 1)
        #expect(closed.followed(at: 3) & 1 == 1 && closed.followed(at: 4) & 1 == 0)
        let open = outline(drawing, openedFolds: [closed.folds[0].key]) { $0.showsExemplars = true }
        #expect(open.entries.indices.allSatisfy { open.rank(at: $0) == nil })
    }

    @Test("an open fold stays, and its members stand behind it")
    func openFold() {
        let drawing = Self.crowd()
        let key = event("u1", outline(drawing))
        let outline = outline(drawing, closed: [drawing.trace.index("u1")], openedFolds: [key])
        #expect(text(outline).prefix(5) == ["run", "a", "6 x task", "u1", "u2"])
        #expect(outline.isOpen(at: 2) && outline.folded == 0)
        #expect(!outline.isOpen(at: 3) && outline.hasChildren(at: 3) && outline.closed == 2)
        #expect(outline.followed(at: 2) & 1 == 1)
        #expect(outline.followed(at: outline.entries.count - 2) & 1 == 0, "the last task")
    }

    @Test("siblings of another name, kind, type or service are not equal, and four equal ones do not fold")
    func likeness() {
        var drawing = Self.crowd()
        drawing.edit("u6") { event, symbols in event.name = symbols.intern("other") }
        #expect(text(outline(drawing)) == ["run", "a", "5 x task", "u6", " u6.0"])
        drawing.edit("u5") { event, symbols in event.service = symbols.intern("other") }
        #expect(outline(drawing).folds.isEmpty)
    }

    @Test("orders that are kept are those that are worked out", arguments: WaterfallQuery.Sort.allCases)
    func keptOrders(sort: WaterfallQuery.Sort) {
        var query = WaterfallQuery()
        (query.sort, query.folds) = (sort, false)
        var layout = WaterfallLayout(Self.crowd().analysis)
        let entries = WaterfallOutline(layout, query: query).entries
        layout.keepOrders()
        #expect(WaterfallOutline(layout, query: query).entries == entries)
    }

    @Test("matches keep what is above them, and how many rows are left out is counted")
    func conditions() {
        var drawing = Self.crowd()
        drawing.edit("u2", "u3") { event, symbols in event.user = symbols.intern("Ada") }
        drawing.edit("u3") { event, _ in event.outcome = .failure }
        drawing.edit("u1.1") { event, symbols in
            event.outcome = .failure
            event.subtype = symbols.intern("PostgreSQL")
        }
        let byUser = outline(drawing) { $0.user = "Ada" }
        #expect(text(byUser) == ["run", "u2", " u2.0", "u3", " u3.0"])
        #expect(byUser.matches == 4 && byUser.leftOut == byUser.layout.count - 5)
        #expect(byUser.followed(at: 1) & 1 == 1 && byUser.followed(at: 3) & 1 == 0)
        #expect(text(outline(drawing) { $0.user = "ada" }).isEmpty)
        #expect(text(outline(drawing) { $0.failedOnly = true }) == ["run", "u1", " u1.1", "u3"])
        #expect(text(outline(drawing) { $0.minDuration = 100 }) == ["run", "u3", "u4", "u6"])
        #expect(text(outline(drawing) { $0.text = "postGRES" }) == ["run", "u1", " u1.1"])
        #expect(text(outline(drawing) { $0.text = "U4" }) == ["run", "u4", " u4.0"])
        #expect(text(outline(drawing) { $0.text = "ADA" }) == ["run", "u2", " u2.0", "u3", " u3.0"])
        let both = outline(drawing) {
            $0.user = "Ada"
            $0.failedOnly = true
        }
        #expect(text(both) == ["run", "u3"])
    }

    @Test("an id is found by any part of it, in any case")
    func ids() {
        var drawing = Self.crowd()
        drawing.edit("a") { event, _ in event.id = .short(0xDEAD_BEEF) }
        for text in ["deadbeef", "DEADBEEF", "00dead", "00000000deadbeef"] {
            #expect(outline(drawing) { $0.text = text }.matches == 1, "\(text)")
        }
        for text in ["deadbee0", "000000000deadbeef", "xdead"] {
            #expect(outline(drawing) { $0.text = text }.entries.isEmpty, "\(text)")
        }
    }

    @Test("siblings are ordered by what is asked for, the largest first, also inside folds")
    func sorting() throws {
        func order(_ sort: WaterfallQuery.Sort) -> [String] {
            text(
                outline(Self.crowd()) {
                    $0.sort = sort
                    $0.depth = 1
                    $0.folds = false
                })
        }
        #expect(order(.start) == ["run", "a", "u1", "u2", "u3", "u4", "u6", "u5"])
        #expect(order(.total) == ["run", "u4", "u6", "u3", "u1", "u2", "a", "u5"])
        #expect(Set(order(.wait)) == Set(order(.start)) && Set(order(.work)) == Set(order(.start)))
        let folded = outline(Self.crowd()) { $0.sort = .total }
        let fold = try #require(folded.folds.first)
        let totals = fold.places.map { folded.layout.row($0).total }
        #expect(totals == totals.sorted(by: >))
        #expect(fold.key == event("u1", folded))
    }

    @Test("a depth hides what is deeper, apart from what is opened")
    func depth() {
        let drawing = Self.crowd()
        let flat = outline(drawing) { ($0.depth, $0.folds) = (1, false) }
        #expect(text(flat) == ["run", "a", "u1", "u2", "u3", "u4", "u6", "u5"])
        #expect(flat.closed == flat.layout.count - 8)
        let opened = outline(drawing, opened: [drawing.trace.index("u2")]) { ($0.depth, $0.folds) = (1, false) }
        #expect(text(opened).prefix(5) == ["run", "a", "u1", "u2", " u2.0"])
    }

    @Test("a window leaves out what lies outside, and cuts bars at its edges")
    func window() {
        let start = Drawing.origin
        let outline = outline(Self.crowd()) {
            $0.window = Interval(start: start + 15, end: start + 40)
            $0.folds = false
        }
        #expect(text(outline) == ["run", "u1", " u1.0", "u2", " u2.0", "u3", "u4", "u6"])
        for index in outline.entries.indices {
            for stretch in outline.row(at: index).stretches {
                #expect(stretch.interval.start >= start + 15 && stretch.interval.end <= start + 40)
            }
        }
        #expect(outline.row(at: 1).total == 60, "numbers are of the whole row")
    }

    @Test("how many members of a fold work and wait is told over time")
    func density() throws {
        let outline = outline(Self.crowd())
        let scale = TimeScale(outline.window, cells: 12)
        let series = outline.density(ofFold: 0, on: scale)
        let analysis = outline.layout.analysis
        #expect(analysis.groups.count == 1)
        let group = GroupActivity(analysis.groups[0], of: analysis).series(on: scale)
        #expect(series.running == group.running && series.waiting == group.waiting)
        let areas = zip(series.running.areas, series.waiting.areas)
        #expect(areas.reduce(0) { $0 + $1.0 + $1.1 } == outline.folds[0].total)
    }

    @Test("a run of 50 000 rows is outlined in time that is no square of it")
    func large() {
        var batch = EventBatch()
        let process = batch.addProcess()
        let name = batch.symbols.intern("task")
        for number in 0..<50_000 {
            var event = batch.event(
                .transaction, "t\(number)", start: Int64(number), duration: Int64(number * 7_919 % 1_000),
                process: process)
            event.name = name
            event.parent = number == 0 ? nil : Identifier("t\(number % 3 == 0 ? number - 1 : 0)")
            batch.events.append(event)
        }
        let layout = WaterfallLayout(TraceAnalysis(Trace.all(of: batch)[0]))
        var query = WaterfallQuery()
        for sort in WaterfallQuery.Sort.allCases {
            for text in [nil, "t9"] {
                (query.sort, query.text, query.alignsClocks) = (sort, text, text != nil)
                let time = ContinuousClock().measure {
                    let outline = WaterfallOutline(layout, query: query)
                    var rows = outline.leftOut + outline.folded + outline.closed
                    rows += outline.entries.count { if case .row = $0 { true } else { false } }
                    #expect(rows == layout.count)
                }
                #expect(time < .seconds(20), "\(sort) \(text ?? "")")
            }
        }
    }
}
