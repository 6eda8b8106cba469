// swift-format-ignore-file
// Made by RankTestVectors.py with SciPy 1.17.1, NumPy 2.4.6, mpmath 1.4.1.

extension RankTestTests {
    static let pairs: [(name: String, differences: [Int64], doubledStatistic: Int128, p: Double)] = [
        ("eight, all up", [1, 2, 3, 4, 5, 6, 7, 8], 0, 0.011718685599768628),
        ("eight, all down", [-1, -2, -3, -4, -5, -6, -7, -8], 0, 0.011718685599768628),
        ("balanced", [1, -1, 2, -2, 3, -3, 4, -4], 36, 1.0),
        ("zeros dropped", [0, 0, 5, -3, 0, 7, 9, -1, 4, 0, 12], 6, 0.06297905121445523),
        ("ties", [3, 3, -3, 3, 1, 1, -1, 2, 2, 2, -2, 3], 35, 0.08743306431487274),
        ("one left", [0, 0, 0, 0, 0, 0, 0, 6], 0, 0.31731050786291415),
        ("two left", [0, 0, 0, 0, 0, 0, -6, 6], 3, 1.0),
        ("all of one size", [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5, -5], 352, 0.10599754842494571),
        ("all of one size, one way", [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 0, 7.74421643104407e-06),
        ("far apart", [1, 1_000_000_000_000_000, -100_000_000_000_000, 10_000_000_000_000, 3, -2, 1_000_000_000_000, 100_000_000_000, 10_000_000_000], 20, 0.1386406338132186),
    ]

    static let drawnPairs: [(name: String, differences: DrawnValues, doubledStatistic: Int128, p: Double)] = [
        ("50", DrawnValues(seed: 11, count: 50, distinct: 1_000_000, shift: -480_000), 1218, 0.7832252432554863),
        ("1 000, heavy ties", DrawnValues(seed: 12, count: 1_000, distinct: 7, shift: -3), 355397, 0.837021482081082),
        ("1 000, shifted", DrawnValues(seed: 13, count: 1_000, distinct: 1_000_001, shift: -460_000), 448296, 0.004274125502859463),
        ("100 000, no shift", DrawnValues(seed: 14, count: 100_000, distinct: 2_000_001, shift: -1_000_000), 4998280783, 0.9228032046180814),
        ("100 000, a small shift", DrawnValues(seed: 15, count: 100_000, distinct: 2_000_001, shift: -990_000), 4905603179, 2.3033216255698455e-07),
        ("100 000, heavy ties and zeros", DrawnValues(seed: 16, count: 100_000, distinct: 21, shift: -10), 4534091458, 0.8816771292342831),
        ("100 000, shifted", DrawnValues(seed: 17, count: 100_000, distinct: 2_000_001, shift: -900_000), 4031211544, 0.0),
        ("900, nearly one way", DrawnValues(seed: 18, count: 900, distinct: 1_000_000, shift: -4_000), 78, 7.7136358642035916e-149),
    ]

    static let sets: [(name: String, a: [Int64], b: [Int64], doubledStatistic: Int128, p: Double)] = [
        ("apart", [1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12, 13, 14, 15, 16], 128, 0.0009391056991171899),
        ("apart, the other way", [9, 10, 11, 12, 13, 14, 15, 16], [1, 2, 3, 4, 5, 6, 7, 8], 128, 0.0009391056991171899),
        ("one step apart", [1, 3, 5, 7, 9, 11, 13, 15], [2, 4, 6, 8, 10, 12, 14, 16], 72, 0.713191261016072),
        ("the same", [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8], 64, 1.0),
        ("all equal", [4, 4, 4, 4, 4, 4, 4, 4, 4], [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4], 108, 1.0),
        ("equal but for one", [4, 4, 4, 4, 4, 4, 4, 4, 4], [4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 5], 117, 0.4414183267820536),
        ("ties", [1, 1, 2, 2, 2, 3, 3, 9], [2, 2, 3, 3, 3, 3, 4, 4, 4], 104, 0.1212509263557392),
        ("zeros", [0, 0, 0, 0, 0, 0, 0, 0, 5, 6], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 112, 0.5036312588983317),
        ("unequal sizes", [7, 8, 9, 10, 11, 12, 13, 40], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59], 732, 0.01689273571085978),
        ("far apart", [1_000_000_000_000_000, 3, 100_000_000_000_000, 5, 10_000_000_000_000, 1, 1_000_000_000_000, 0], [2, 4, 6, 8, 1_000_000_000_000_000, 10_000_000_000_000_000, 1, 7], 68, 0.8746430148353899),
    ]

    static let drawnSets: [(name: String, a: DrawnValues, b: DrawnValues, doubledStatistic: Int128, p: Double)] = [
        ("50 and 60", DrawnValues(seed: 21, count: 50, distinct: 1_000_000, shift: 0), DrawnValues(seed: 22, count: 60, distinct: 1_000_000, shift: 90_000), 3236, 0.48059073166039623),
        ("1 000 and 1 000, no shift", DrawnValues(seed: 23, count: 1_000, distinct: 5_000_000, shift: 0), DrawnValues(seed: 24, count: 1_000, distinct: 5_000_000, shift: 0), 1011489, 0.6564519092338578),
        ("1 000 and 1 000, heavy ties", DrawnValues(seed: 25, count: 1_000, distinct: 5, shift: 0), DrawnValues(seed: 26, count: 1_000, distinct: 6, shift: 0), 1146313, 8.537068061268485e-09),
        ("100 000 and 100 000, no shift", DrawnValues(seed: 27, count: 100_000, distinct: 5_000_000, shift: 0), DrawnValues(seed: 28, count: 100_000, distinct: 5_000_000, shift: 0), 10026661135, 0.3018011011266942),
        ("100 000 and 100 000, a small shift", DrawnValues(seed: 29, count: 100_000, distinct: 5_000_000, shift: 0), DrawnValues(seed: 30, count: 100_000, distinct: 5_000_000, shift: 40_000), 10129876669, 4.902518391795881e-07),
        ("100 000 and 30 000, heavy ties", DrawnValues(seed: 31, count: 100_000, distinct: 12, shift: 0), DrawnValues(seed: 32, count: 30_000, distinct: 12, shift: 0), 3022341989, 0.04925744588688073),
        ("100 000 and 100 000, shifted", DrawnValues(seed: 33, count: 100_000, distinct: 1_000_000, shift: 0), DrawnValues(seed: 34, count: 100_000, distinct: 1_000_000, shift: 90_000), 11762388643, 0.0),
        ("8 and 100 000", DrawnValues(seed: 35, count: 8, distinct: 1_000_000, shift: 0), DrawnValues(seed: 36, count: 100_000, distinct: 1_000_000, shift: 0), 810970, 0.9464478723245896),
    ]

    /// z, and how likely it is that a value is at least as far from 0.
    static let tails: [(z: Double, p: Double)] = [
        (0.0, 1.0),
        (1e-09, 0.9999999992021155),
        (0.01, 0.9920212873707368),
        (0.5, 0.6170750774519738),
        (1.0, 0.3173105078629141),
        (1.96, 0.04999579029644087),
        (2.0, 0.04550026389635842),
        (2.575829, 0.01000000877848163),
        (2.8284, 0.004678131390933195),
        (2.8285, 0.004676670108929704),
        (3.0, 0.002699796063260189),
        (4.0, 6.334248366623985e-05),
        (5.0, 5.733031437583878e-07),
        (6.0, 1.973175290075396e-09),
        (8.0, 1.2441921148543568e-15),
        (10.0, 1.523970604832105e-23),
        (15.0, 7.341932398625502e-51),
        (20.0, 5.5072482372124675e-89),
        (25.0, 6.113393412765122e-138),
        (30.0, 9.813427854296374e-198),
        (35.0, 2.2498214129448125e-268),
        (36.9, 4.621048962281235e-298),
        (37.0, 1.1451142445049154e-299),
        (37.5, 9.21070601916391e-308),
    ]
}
