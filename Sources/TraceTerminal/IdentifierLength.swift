extension SafeText {
    /// So many characters of some trace ids, eight or more, tell all of them apart.
    static func identifierLength(of ids: [String]) -> Int {
        let sorted = ids.sorted()
        let common = zip(sorted, sorted.dropFirst()).map { left, right in
            left == right ? 0 : zip(left, right).prefix { $0 == $1 }.count
        }
        return max(8, (common.max() ?? 0) + 1)
    }
}
