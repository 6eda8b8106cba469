import TraceCore
import TraceTerminal

/// A run of events that the input makes, with few ids and names so that they often meet, and with times up to the ends of
/// what there is: its sums hold, its figures come back from their bytes, the order of its events is irrelevant, and
/// nothing that a terminal obeys is drawn.
enum TraceTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let flags = input.byte()
        let batch = batch(&input)
        let inference = Inference.allCases[Int(flags) % Inference.allCases.count]
        for trace in Trace.all(of: batch, withSurroundings: flags & 16 != 0) {
            let analysis = TraceAnalysis(trace, settings: AnalysisSettings(inference: inference))
            check(analysis)
            // A picture costs ten times as much as all else.
            if flags & 96 == 96, trace.events.count <= 8 { draw(analysis, isASCII: flags & 128 != 0) }
        }
        return 0
    }

    private static func check(_ analysis: TraceAnalysis) {
        let trace = analysis.trace
        let partitions = analysis.partitions()
        for event in trace.events.indices {
            guard let breakdown = analysis.breakdown(event) else { continue }
            require(breakdown.wait + breakdown.work == breakdown.total, "\(breakdown)")
            require(0...breakdown.work ~= breakdown.own, "\(breakdown)")
            require(breakdown.wait >= 0 && breakdown.delay >= 0, "\(breakdown)")
            var time = trace.events[event].start
            for stretch in partitions[event]?.stretches ?? [] {
                require(stretch.interval.start == time && stretch.interval.length > 0, "\(stretch) at \(time)")
                time = stretch.interval.end
            }
            require(time == trace.end(event), "states end at \(time), the task at \(trace.end(event))")
        }
        let figures = RunFigures(analysis)
        let bytes = figures.encoded()
        require(bytes.withUnsafeBytes { RunFigures(decoding: $0) } == figures, "other figures from their bytes")
        var reversed = EventBatch(trace)
        reversed.events.reverse()
        let other = TraceAnalysis(Trace.all(of: reversed)[0], settings: analysis.settings)
        require(RunFigures(other).encoded() == bytes, "other figures of the same events in another order")
    }

    private static func draw(_ analysis: TraceAnalysis, isASCII: Bool) {
        for line in WaterfallView(analysis, TerminalOptions(width: 80, ascii: isASCII)).lines() {
            for scalar in line.unicodeScalars { require(TextTarget.isHarmless(scalar), "\(scalar.value) in \(line)") }
        }
    }

    /// The events of one run.
    static func batch(_ input: inout FuzzInput) -> EventBatch {
        var batch = EventBatch()
        for pid in 1...Int64(2) {
            var process = ProcessMetadata(service: batch.symbols.intern("s\(pid)"), line: [UInt8(pid)])
            process.pid = pid
            batch.processes.append(process)
        }
        let trace = batch.trace(.short(1))
        while !input.isEmpty, batch.events.count < 24 { batch.events.append(event(&input, trace, &batch)) }
        return batch
    }

    private static func event(_ input: inout FuzzInput, _ trace: Int, _ batch: inout EventBatch) -> Event {
        let (kind, form, names) = (input.byte(), input.byte(), input.byte())
        let (start, duration) = (time(&input), max(0, min(time(&input), Microseconds.tenYears)))
        func id(_ byte: UInt8) -> Identifier { byte & 1 == 0 ? .short(UInt64(byte)) : .text([0x69, byte]) }
        var event = Event(
            kind: kind & 1 == 0 ? .transaction : .span, trace: trace, id: id(input.byte() & 31),
            process: Int(kind >> 1 & 1), start: start, duration: duration,
            line: BodyRange(offset: batch.events.count, length: 1))
        if form & 1 == 0 { event.parent = id(input.byte() & 31) }
        if event.kind == .span, form & 2 == 0 { event.transaction = id(input.byte() & 31) }
        if event.kind == .span, form & 4 != 0 {
            event.offset = max(Microseconds.instants.lowerBound, min(time(&input), Microseconds.tenYears))
        }
        if event.kind == .transaction {
            event.sampled = form & 8 == 0
            if form & 16 != 0 { event.messageAge = max(0, min(time(&input), Microseconds.tenYears)) }
            event.dropped = form & 32 == 0 ? 0 : .max
        }
        event.outcome = Event.Outcome.allCases[Int(kind >> 2) % 3]
        event.compressed = form & 64 != 0
        let types = ["db", "wait", "app", "app.lock"]
        event.type = batch.symbols.intern(types[Int(names & 3)])
        let all = ["task", "acquire lock", "\u{1B}[31m\u{202E}", "e\u{301}\u{200D}"]
        event.name = names & 4 == 0 ? batch.symbols.intern(all[Int(names >> 3 & 3)]) : nil
        event.service = batch.processes[event.process].service
        if names & 32 != 0 { event.user = batch.symbols.intern("u\(names >> 6)") }
        return event
    }

    /// A point in time or a length, as often small as at one of the ends of what there is.
    private static func time(_ input: inout FuzzInput) -> Int64 {
        let first = input.byte()
        let near = Int64(first & 31)
        switch first >> 5 {
        case 0...3: return near
        case 4: return near * 1_000 + Int64(input.byte())
        case 5: return Microseconds.instants.upperBound - near
        case 6: return Microseconds.instants.lowerBound + near
        default: return Microseconds.tenYears - near
        }
    }
}
