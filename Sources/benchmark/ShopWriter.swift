/// Writes the lines of one request after the other.
struct ShopWriter {
    var text = ByteText()
    var random: Random
    /// µs since the epoch: when the request comes that is being written.
    var time: Int
    var trace: (UInt64, UInt64) = (0, 0)
    var transaction: UInt64 = 0
    var user = 0
    var status = 200

    /// The transaction that all requests are under, in one trace; nil where each request has a trace of its own.
    private let root: UInt64?

    init(random: Random, time: Int, root: UInt64?) {
        (self.random, self.time, self.root) = (random, time, root)
        text.reserve(RequestFile.usualSize + 65_536)
    }

    /// Adds a transaction and its spans, no more events than that; how many they are.
    mutating func addRequest(atMost limit: Int) -> Int {
        time += 200 + random.below(3_800)
        (trace, transaction) = (root.map { ($0, $0) } ?? (random.next(), random.next()), random.next())
        user = pickUser()
        status = pickStatus()
        let spans = min(geometric(mean: 7), 60, limit - 1)
        addTransaction(spans: spans)
        var ids = [transaction]
        for _ in 0..<spans {
            let id = random.next()
            addSpan(id, parent: ids[max(0, ids.count - 1 - random.below(3))])
            ids.append(id)
        }
        return 1 + spans
    }

    // MARK: Draws

    /// Half of the requests come from few users, half from all twenty thousand alike.
    private mutating func pickUser() -> Int {
        let all = 20_000
        guard random.chance(0.5) else { return random.below(all) }
        let fraction = 1 - random.fraction()
        return fraction * fraction * fraction < 1e-9 ? 0 : min(Int(1 / (fraction * fraction * fraction)) - 1, all - 1)
    }

    private mutating func pickStatus() -> Int {
        var draw = random.below(100)
        for (status, weight) in ShopVocabulary.statuses {
            if draw < weight { return status }
            draw -= weight
        }
        return 200
    }

    /// Whole numbers that are small as a rule, and now and then large.
    private mutating func geometric(mean: Int) -> Int {
        var count = 0
        while count < 200, !random.chance(1 / Double(mean + 1)) { count += 1 }
        return count
    }

    /// A duration in thousandths of a millisecond: a product of draws, so that few are much longer than the rest.
    mutating func duration(scale: Double) -> Int {
        Int(scale * 1_000 / (0.02 + random.fraction() * (0.1 + random.fraction())))
    }

    // MARK: Lines

    mutating func addTransaction(spans: Int) {
        let route = random.pick(ShopVocabulary.routes)
        text.add(#"{"transaction":{"id":""#)
        text.add(hex: transaction)
        addTrace()
        if let parent = root ?? (random.chance(0.5) ? random.next() : nil) {
            text.add(#"","parent_id":""#)
            text.add(hex: parent)
        }
        text.add(#"","name":""#)
        text.add(route.method)
        text.add(" ")
        text.add(route.path)
        text.add(#"","type":"request","timestamp":"#)
        text.add(time)
        text.add(#","duration":"#)
        text.add(thousandths: duration(scale: 5))
        text.add(#","result":"HTTP "#)
        text.add(status / 100)
        text.add(#"xx","outcome":""#)
        text.add(status < 500 ? "success" : "failure")
        text.add(#"","sampled":true,"sample_rate":1.0,"span_count":{"started":"#)
        text.add(spans)
        text.add(#","dropped":0},"context":{"request":"#)
        addRequestContext(route)
        text.add(#","response":{"status_code":"#)
        text.add(status)
        text.add(#","headers":{"content-type":"application/json","content-length":""#)
        text.add(random.below(20_000))
        text.add(#""},"finished":true,"headers_sent":true},"user":{"id":""#)
        addUser()
        text.add(#"","email":"customer"#)
        text.add(user)
        text.add(#"@mail.example"},"tags":{"tenant":""#)
        text.add(hex: random.next())
        text.add(#"","region":""#)
        text.add(random.pick(ShopVocabulary.regions))
        text.add(#"","attempt":"#)
        text.add(random.below(3))
        text.add(#","remark":""#)
        if random.chance(0.05) { text.add(#"a \"quoted\" word\\and a line\n"#) } else { text.add("none") }
        text.add(#""},"custom":{"basket_total":"#)
        text.add(thousandths: random.below(300_000))
        text.add(#","options":["gift","express"]},"service":{"framework":{"name":"flask","version":"3.0.3"}}}}}"#)
        text.add("\n")
    }

    mutating func addRequestContext(_ route: ShopVocabulary.Route) {
        text.add(#"{"method":""#)
        text.add(route.method)
        text.add(#"","url":{"raw":""#)
        text.add(route.path)
        text.add("?page=")
        text.add(random.below(50))
        text.add("&words=")
        text.add(random.chance(0.1) ? "th\u{E9}i\u{E8}re" : "kettle")
        text.add(#"","protocol":"https:","full":"https://webshop.example"#)
        text.add(route.path)
        text.add(#"?page=2","hostname":"webshop.example","port":"443","pathname":""#)
        text.add(route.path)
        text.add(#"","search":"?page=2"},"headers":{"user-agent":""#)
        text.add(random.pick(ShopVocabulary.browsers))
        text.add(#"","host":"webshop.example","accept":"*/*","content-type":"application/json","x-forwarded-for":""#)
        addAddress()
        text.add(#""},"socket":{"remote_address":""#)
        addAddress()
        text.add(#""},"http_version":"1.1","cookies":{"visit":""#)
        text.add(hex: random.next())
        text.add(#""}}"#)
    }

    mutating func addTrace() {
        text.add(#"","trace_id":""#)
        text.add(hex: trace.0)
        text.add(hex: trace.1)
    }

    mutating func addUser() {
        text.add("customer-")
        text.add(100_000 + user)
    }

    mutating func addAddress() {
        text.add("10.20.")
        text.add(random.below(255))
        text.add(".")
        text.add(random.below(255))
    }
}
