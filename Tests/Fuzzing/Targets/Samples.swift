/// What targets put before or around their inputs.
enum Samples {
    /// A metadata line.
    static let metadata = Array(
        """
        {"metadata":{"service":{"name":"billing","agent":{"name":"python","version":"6.26.2"}},\
        "process":{"pid":7},"system":{"hostname":"h"},"user":{"id":"alice"},"labels":{"region":"eu"}}}
        """.utf8)
}
