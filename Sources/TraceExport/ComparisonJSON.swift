package import TraceCore

/// `waitline.compare.v1`. Percentiles are given however few values there are.
package enum ComparisonJSON {
    /// The comparison as one object, µs.
    package static func text(_ comparison: Comparison) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.compare.v1")
            json.key("a")
            write(comparison.a, to: &json)
            json.key("b")
            write(comparison.b, to: &json)
            json.key("paired")
            json.bool(comparison.isPaired)
            json.key("users_left_out")
            // A test of two sets leaves nobody out.
            json.integer(comparison.isPaired ? comparison.usersLeftOut : 0)
            json.key("quantities")
            json.array { json in
                for quantity in comparison.quantities { write(quantity, to: &json) }
            }
            json.key("verdict")
            json.string(comparison.verdict.rawValue)
        }
        return json.text + "\n"
    }

    private static func write(_ side: Comparison.Side, to json: inout JSONWriter) {
        json.object { json in
            json.key("runs")
            json.integer(side.runs)
            json.key("tasks")
            json.integer(side.tasks)
            json.key("slots")
            json.integer(side.slots)
        }
    }

    private static func write(_ quantity: Comparison.Quantity, to json: inout JSONWriter) {
        json.object { json in
            json.key("name")
            json.string(quantity.quantity.rawValue)
            for (name, statistics) in [("a", quantity.a), ("b", quantity.b)] {
                json.key(name)
                json.object { json in
                    json.key("p50")
                    json.integer(statistics.p50)
                    json.key("p95")
                    json.integer(statistics.p95)
                }
            }
            json.key("change")
            json.raw(quantity.change.decimal ?? "null")
            json.key("p")
            json.number(quantity.test?.p)
            json.key("real")
            json.bool(quantity.isReal)
        }
    }
}

extension Change {
    /// As a decimal fraction with four places; nil from 0.
    var decimal: String? {
        guard let change = tenThousandths else { return nil }
        let digits = String(change.magnitude % 10_000)
        let fraction = String(repeating: "0", count: 4 - digits.utf8.count) + digits
        return (change < 0 ? "-" : "") + "\(change.magnitude / 10_000).\(fraction)"
    }
}
