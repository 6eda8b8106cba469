/// What the recordings say, µs.
struct SampleFigures {
    struct Quantity {
        var p50: Int
        var p95: Int
        var p99: Int
        var max: Int
        var sum: Int

        static let none = Quantity(p50: 0, p95: 0, p99: 0, max: 0, sum: 0)

        func matches(_ percentiles: ReportAnswer.Percentiles) -> Bool {
            percentiles.p50 == p50 && percentiles.p95 == p95 && percentiles.p99 == p99 && percentiles.max == max
                && percentiles.sum == sum
        }
    }

    var slots: Int
    var waited = 0
    var occupancy: Double?
    /// Of the tasks.
    var makespan: Int
    var total: Quantity
    var wait = Quantity.none
    var work: Quantity
    var delay: Quantity
    var waitShare = 0.0

    init(of trace: SampleTrace) {
        switch trace {
        case .pipeline:
            total = Quantity(p50: 680_019, p95: 826_779, p99: 826_779, max: 826_779, sum: 2_072_580)
            work = total
            delay = Quantity(p50: 827_058, p95: 1_393_127, p99: 1_393_127, max: 1_393_127, sum: 2_220_185)
            slots = 1
            makespan = 2_073_146
        case .before:
            total = Quantity(p50: 825_092, p95: 1_242_797, p99: 1_242_797, max: 1_242_797, sum: 2_632_263)
            wait = Quantity(p50: 0, p95: 563_886, p99: 563_886, max: 563_886, sum: 563_886)
            work = Quantity(p50: 678_911, p95: 825_092, p99: 825_092, max: 825_092, sum: 2_068_377)
            delay = Quantity(p50: 428, p95: 916, p99: 916, max: 916, sum: 1_344)
            slots = 2
            makespan = 1_243_713
            waited = 1
            occupancy = 1
            waitShare = 0.2142
        case .after:
            total = Quantity(p50: 684_498, p95: 824_894, p99: 824_894, max: 824_894, sum: 2_074_123)
            work = total
            delay = Quantity(p50: 496, p95: 565_573, p99: 565_573, max: 565_573, sum: 566_069)
            slots = 2
            makespan = 1_250_071
        case .manyBefore:
            total = Quantity(p50: 2_297_204, p95: 4_284_469, p99: 4_425_319, max: 4_504_392, sum: 2_307_905_027)
            wait = Quantity(p50: 2_091_247, p95: 4_039_225, p99: 4_210_241, max: 4_280_518, sum: 2_086_427_068)
            work = Quantity(p50: 215_472, p95: 306_928, p99: 345_343, max: 486_281, sum: 221_477_959)
            delay = Quantity(p50: 38_963, p95: 67_191, p99: 70_528, max: 71_400, sum: 39_877_398)
            slots = 50
            makespan = 4_574_771
            waited = 950
            occupancy = 0.9978792546704057
            waitShare = 0.904
        case .manyAfter:
            total = Quantity(p50: 214_072, p95: 305_802, p99: 347_466, max: 493_203, sum: 220_087_131)
            work = total
            delay = Quantity(p50: 2_109_829, p95: 4_092_998, p99: 4_267_883, max: 4_306_014, sum: 2_108_545_198)
            slots = 50
            makespan = 4_552_116
        }
    }
}
