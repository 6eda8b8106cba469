@testable import TraceCore

/// Stored figures that are damaged, or that somebody made fit their checksum: refused, or such that they can be counted
/// with and kept again.
enum FigureTarget {
    static func run(_ input: FuzzInput) -> CInt {
        var input = input
        let mode = input.byte()
        var body: [UInt8]
        if mode & 2 == 0 {
            body = input.rest
        } else {
            let changes = (0..<4).map { _ in (place: Int(input.integer(bytes: 2)), bits: input.byte()) }
            guard let figures = figures(&input) else { return 0 }
            body = Array(figures.encoded().dropFirst(RunFigures.sealSize))
            for change in changes { body[change.place % body.count] ^= change.bits }
        }
        withExactCopy(of: mode & 1 == 0 ? RunFigures.sealed(body) : body) { use($0) }
        return 0
    }

    /// The figures of a run that the input makes.
    private static func figures(_ input: inout FuzzInput) -> RunFigures? {
        Trace.all(of: TraceTarget.batch(&input)).first.map { RunFigures(TraceAnalysis($0)) }
    }

    private static func use(_ bytes: UnsafeRawBufferPointer) {
        var filter = TaskFilter()
        filter.name = "task"
        filter.labels = [("k", "1")]
        for (dimension, filter) in [(ReportDimension.user, TaskFilter()), (.label("k"), filter)] {
            var builder = TaskReportBuilder(by: [dimension, .outcome], filter: filter, inference: .auto)
            let isAdded = builder.add(decoding: bytes) { !$0.hasRoot }
            require(builder.report().runs == (isAdded ? 1 : 0), "a run that is not as it was said to be")
        }
        if let head = RunFigures(decoding: bytes, parts: []) { _ = RunSummary(head, isArriving: false) }
        guard let figures = RunFigures(decoding: bytes) else { return }
        for task in 0..<figures.tasks.count {
            let breakdown = figures.breakdown(task)
            require(breakdown.work >= breakdown.own && breakdown.delay >= 0, "\(breakdown)")
            _ = figures.releaser(task).map { figures.tasks.ids[$0] }
            _ = figures.group(task).map { figures.groups[$0] }
        }
        let again = figures.encoded().withUnsafeBytes { RunFigures(decoding: $0) }
        require(again == figures, "other figures when they are kept again")
    }
}
