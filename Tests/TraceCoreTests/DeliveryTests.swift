import TestSupport
import Testing

@testable import TraceCore

@Suite("What a waiting delivery weighs")
struct DeliveryTests {
    private func weight(_ fill: (inout EventBatch) -> Void) -> Int {
        Delivery(
            batch: EventBatch.filled(fill), body: ReceivedBody(encoding: .gzip, bytes: [1, 2, 3], decodedSize: 3),
            requestTime: 0
        ).weight
    }

    @Test("bodies, texts and events count, and the text of ids that are no hex")
    func weighs() {
        let empty = weight { _ in }
        #expect(empty >= 3)
        #expect(weight { _ = $0.symbols.intern(String(repeating: "x", count: 1_000)) } == empty + 1_000)
        let (short, long) = ("0123456789abcdef", String(repeating: "x", count: 4_096))
        let hex = weight { $0.span(short, parent: short, of: short) }
        #expect(hex > empty)
        #expect(weight { $0.span(long, parent: short, of: short) } >= hex + 4_096)
        #expect(weight { $0.span(long, parent: long, of: long) } >= hex + 3 * 4_096)
    }

    @Test("one without events is empty")
    func isEmpty() {
        let body = ReceivedBody(encoding: .gzip, bytes: [1], decodedSize: 1)
        #expect(Delivery(batch: EventBatch.filled { _ in }, body: body, requestTime: 0).isEmpty)
        #expect(!Delivery(batch: EventBatch.filled { $0.transaction("a") }, body: body, requestTime: 0).isEmpty)
    }
}
