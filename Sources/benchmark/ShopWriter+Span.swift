/// Spans, with what they called.
extension ShopWriter {
    mutating func addSpan(_ id: UInt64, parent: UInt64) {
        let call = random.pick(ShopVocabulary.calls)
        let table = random.pick(ShopVocabulary.tables)
        text.add(#"{"span":{"id":""#)
        text.add(hex: id)
        text.add(#"","transaction_id":""#)
        text.add(hex: transaction)
        addTrace()
        text.add(#"","parent_id":""#)
        text.add(hex: parent)
        text.add(#"","name":""#)
        switch call.kind {
        case .database: text.add("SELECT FROM \(table)")
        case .external: text.add("GET \(table).shop.example")
        case .other(let kind): text.add("\(kind) \(call.subtype) \(table)")
        }
        text.add(#"","type":""#)
        switch call.kind {
        case .database: text.add("db")
        case .external: text.add("external")
        case .other(let kind): text.add(kind)
        }
        text.add(#"","subtype":""#)
        text.add(call.subtype)
        if let action = call.action {
            text.add(#"","action":""#)
            text.add(action)
        }
        text.add(#"","timestamp":"#)
        text.add(time + random.below(50_000))
        text.add(#","duration":"#)
        text.add(thousandths: duration(scale: 0.7))
        text.add(#","outcome":""#)
        text.add(random.chance(0.97) ? "success" : "failure")
        text.add(#"","sync":true,"sample_rate":1.0,"context":{"#)
        addSpanContext(call, table)
        if random.chance(0.3) {
            text.add(#","user":{"id":""#)
            addUser()
            text.add(#""}"#)
        }
        text.add("}")
        if random.chance(0.15) { addStackTrace() }
        text.add("}}\n")
    }

    private mutating func addSpanContext(_ call: ShopVocabulary.Call, _ table: String) {
        switch call.kind {
        case .database:
            text.add(#""db":{"instance":"webshop","statement":""#)
            text.add("SELECT \(table).id, \(table).made_at, \(table).state, \(table).amount FROM \(table) ")
            text.add("JOIN customers ON customers.id = \(table).customer WHERE \(table).customer = ? ")
            text.add("AND \(table).state IN (?, ?) ORDER BY \(table).made_at DESC LIMIT ")
            text.add(random.below(100))
            text.add(#"","type":"sql","user":"storefront","link":"db.shop","rows_affected":"#)
            text.add(random.below(50))
            text.add(#"},"destination":{"address":""#)
            addAddress()
            text.add(#"","port":5432,"service":{"name":""#)
            text.add(call.subtype)
            text.add(#"","resource":""#)
            text.add(call.subtype)
            text.add(#"/webshop","type":"db"}},"service":{"target":{"type":""#)
            text.add(call.subtype)
            text.add(#"","name":"webshop"}}"#)
        case .external:
            text.add(#""http":{"url":"https://\#(table).shop.example:8443/v2/\#(table)/"#)
            text.add(random.below(1_000_000))
            text.add(#"?full=true","status_code":"#)
            text.add(status)
            text.add(#","method":"GET","response":{"status_code":"#)
            text.add(status)
            text.add(#","transfer_size":"#)
            text.add(random.below(10_000))
            text.add(#","encoded_body_size":"#)
            text.add(random.below(10_000))
            text.add(#"}},"destination":{"address":"\#(table).shop.example","port":8443,"service":{"name":""#)
            text.add(#"https://\#(table).shop.example","resource":"\#(table).shop.example:8443","type":"external"}}"#)
        case .other:
            text.add(#""tags":{"part":""#)
            text.add(table)
            text.add(#"","lane":"lane-"#)
            text.add(random.below(20))
            text.add(#"","attempt":"#)
            text.add(random.below(4))
            text.add(#"},"destination":{"address":""#)
            addAddress()
            text.add(#"","port":6379,"service":{"resource":""#)
            text.add(call.subtype)
            text.add(#""}}"#)
        }
    }

    private mutating func addStackTrace() {
        text.add(#","stacktrace":["#)
        for frame in 0...random.below(3) {
            if frame > 0 { text.add(",") }
            text.add(#"{"function":""#)
            text.add(random.pick(ShopVocabulary.functions))
            text.add(#"","filename":"store.py","lineno":"#)
            text.add(1 + random.below(900))
            text.add(#","abs_path":"/srv/webshop/store.py","module":"webshop.store","library_frame":false,"#)
            text.add(#""context_line":"        return connection.fetch(query, values)"}"#)
        }
        text.add("]")
    }
}
