/// The recordings of what else happens to a runner, and what they say (µs).
enum OddSample: String, CaseIterable {
    case failing = "failing-users.ndjson"
    case waitSpans = "wait-spans.ndjson"
    case lookup = "lookup-first.ndjson"
    case compressed = "compressed-and-dropped.ndjson"
    case noParent = "no-parent.ndjson"
    case unsampled = "unsampled.ndjson"

    var path: String { "\(Project.sampleTraces)/\(rawValue)" }

    /// Those whose tasks are a group, and what is said of it. Another reading of the definitions (`Tests/oracle`) came
    /// to the same figures.
    static let grouped: [(sample: OddSample, figures: Figures)] = [
        (
            .failing,
            Figures(
                trace: "88483b8bda5592fe501c2267b97dd99d", tasks: 12, failed: 3, incomplete: 0, slots: 4,
                reading: "start", waited: 8, occupancy: 0.9990348231792125, makespan: 1_020_715, rows: 75,
                total: 6_261_960, wait: 3_132_280, own: 16_479, delay: 22_477, waitShare: 0.5002)
        ),
        (
            .waitSpans,
            Figures(
                trace: "97d92a791b437109a7e7007d3df2fdb9", tasks: 12, failed: 0, incomplete: 0, slots: 3,
                reading: "start", waited: 9, occupancy: 0.9992819217571428, makespan: 1_312_136, rows: 91,
                total: 8_666_445, wait: 5_387_290, own: 14_284, delay: 16_209, waitShare: 0.6216)
        ),
        (
            .lookup,
            Figures(
                trace: "318834629bb404405c94992631af74cc", tasks: 20, failed: 0, incomplete: 0, slots: 4,
                reading: "later", waited: 16, occupancy: 0.9993773794645296, makespan: 1_412_695, rows: 141,
                total: 14_146_441, wait: 9_003_076, own: 126_297, delay: 32_537, waitShare: 0.6364)
        ),
        (
            .compressed,
            Figures(
                trace: "1ecb3cacb0bb4328ffeaef274ab68b5a", tasks: 12, failed: 0, incomplete: 3, slots: 3,
                reading: "start", waited: 9, occupancy: 0.9994390181302444, makespan: 1_373_793, rows: 84,
                total: 8_914_252, wait: 5_413_128, own: 349_765, delay: 18_778, waitShare: 0.6072)
        ),
    ]

    struct Figures {
        var trace: String
        var tasks: Int
        var failed: Int
        var incomplete: Int
        var slots: Int
        var reading: String
        var waited: Int
        var occupancy: Double
        var makespan: Int
        var rows: Int
        /// Sums over the tasks.
        var total: Int
        var wait: Int
        var own: Int
        var delay: Int
        var waitShare: Double
    }
}
