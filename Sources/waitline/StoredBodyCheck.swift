import TraceCompression
import TraceCore
import TraceIntake
import TraceStorage

/// Decodes a stored body again and compares what is stored of its events with what it says.
enum StoredBodyCheck {
    /// What is not as it was sent, each in one sentence.
    static func problems(of body: StoredBody) -> [String] {
        // A body that was cut from a file may begin with an event: what that came under goes before it then.
        let plain = decode(body, behind: [])
        guard plain.isStream else {
            let prefix = (body.metadata ?? []) + [UInt8(ascii: "\n")]
            return differences(of: body, from: decode(body, behind: prefix), behind: prefix.count)
        }
        return differences(of: body, from: plain, behind: 0)
    }

    /// A body decoded anew, as far as it goes.
    private struct Fresh {
        var batch: EventBatch
        /// Whether it begins with its metadata.
        var isStream: Bool
        /// Why it was not decoded to its end.
        var failure: CompressionError?
    }

    private static func differences(of body: StoredBody, from fresh: Fresh, behind prefix: Int) -> [String] {
        let differences = body.differences(from: fresh.batch, behind: prefix)
        // A body that broke off while it was received keeps the lines before that.
        guard let failure = fresh.failure, !differences.isEmpty else { return differences }
        return ["body \(body.number) cannot be decoded to its end: \(failure.message)"] + differences
    }

    private static func decode(_ body: StoredBody, behind prefix: [UInt8]) -> Fresh {
        // What an intake once found too long has no row, and is no difference.
        var stream = ElasticStream(requestTime: body.requestTime, maximumEventSize: 1 << 30)
        prefix.withUnsafeBytes { stream.feed($0) }
        let failure = inflate(body.body) { stream.feed($0) }
        stream.finish()
        return Fresh(batch: stream.takeBatch(), isStream: stream.result.failure != .metadata, failure: failure)
    }

    private static func inflate(
        _ body: ReceivedBody, _ output: (UnsafeRawBufferPointer) -> Void
    ) -> CompressionError? {
        body.bytes.withUnsafeBytes { bytes in
            do throws(CompressionError) {
                var inflater = try Inflater(body.encoding == .zlib ? .zlib : .gzip)
                try inflater.feed(bytes, output)
                try inflater.finish()
                return nil
            } catch {
                return error
            }
        }
    }
}
