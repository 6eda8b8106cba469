import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TraceCore
import TraceIntake

extension ElasticRoutes {
    /// `/intake/v2/events`: a stream of events. It is answered when its body was read to the end and its events
    /// are committed.
    func events(_ request: Request) async -> Answer {
        let requestTime = statedTime(of: request) ?? now()
        var answer: Answer
        if let refusal = refusal(of: request) {
            answer = await refuse(request, refusal.answer)
            await noteLoss(of: request, refusal.reason, at: requestTime)
        } else {
            var body = IntakeBody(
                encoding: request.headers[.contentEncoding], requestTime: requestTime, limits: configuration.limits)
            await read(request, into: &body)
            answer = await self.answer(to: request, body: body, requestTime: requestTime)
        }
        if answer.status.code >= 400 { answer.closeConnection() }
        return answer
    }

    /// When an imported request first came, if it says so: in µs since the epoch, up to the year 9999.
    private func statedTime(of request: Request) -> Int64? {
        guard let name = HTTPField.Name(IntakeHeaders.requestTime), let text = request.headers[name],
            let time = Int64(text), 0...253_402_300_799_999_999 ~= time
        else { return nil }
        return time
    }

    /// Why a request is not served whatever its body says; nil if it is. The reason is what the answer says
    /// without what the request said.
    private func refusal(of request: Request) -> (answer: Answer, reason: String)? {
        if case .refused(let refusal) = authentication.check(request.headers[.authorization]) {
            return (.unauthorized(refusal.message), refusal.reason)
        }
        guard request.method == .post else {
            let message = "only POST requests are supported"
            return (.intakeError(.badRequest, message), message)
        }
        if let type = request.headers[.contentType], !type.isEmpty, !type.contains("application/x-ndjson") {
            return (.intakeError(.badRequest, "invalid content type: '\(type)'"), "invalid content type")
        }
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        if announced > configuration.limits.decodedBytes {
            let message = "cannot handle stream: \(IntakeBody.tooLarge)"
            return (.intakeError(.badRequest, message), message)
        }
        guard Task.isShuttingDownGracefully else { return nil }
        return (.intakeUnavailable(Self.shuttingDown), Self.shuttingDown)
    }

    private static let shuttingDown = "server is shutting down"

    /// Reads a body to its end, also where nothing of it counts any more, within bounds.
    private func read(_ request: Request, into body: inout IntakeBody) async {
        var room = configuration.limits.discardedBytes
        do {
            for try await piece in request.body {
                if body.isOver { room -= piece.readableBytes }
                guard room >= 0 else { return }
                piece.withUnsafeReadableBytes { body.receive($0) }
            }
            try Task.checkCancellation()
            body.end()
        } catch let error as HTTPParserError where error != .invalidEOFState {
            body.breakOff("the request body is not framed as it says it is")
        } catch {
            body.breakOff("the connection broke off")
        }
    }

    private func answer(to request: Request, body: consuming IntakeBody, requestTime: Int64) async -> Answer {
        if case .undecodable(let message)? = body.failure {
            await noteLoss(of: request, message, at: requestTime)
            return .intakeError(.badRequest, message)
        }
        let result = body.result
        let status = body.status
        let delivery = body.delivery(requestTime: requestTime)
        var duplicates = 0
        if delivery.isEmpty {
            if !delivery.losses.isEmpty { await losses(delivery.losses) }
        } else {
            let outcome = await sink(delivery)
            if let message = refusal(for: outcome) {
                let service = delivery.batch.processes.first.map { delivery.batch.symbols[$0.service] }
                await noteLoss(of: request, message, at: requestTime, service: service)
                return .intakeUnavailable(message)
            }
            if case .stored(let known) = outcome { duplicates = known }
        }
        let isVerbose = request.uri.queryParameters["verbose"] != nil
        var answer =
            status.code >= 400 || isVerbose
            ? Answer.intake(status, accepted: result.accepted, errors: result.errors) : Answer(.accepted)
        if duplicates > 0, let name = HTTPField.Name(IntakeHeaders.duplicates) {
            answer.headers[name] = String(duplicates)
        }
        return answer
    }

    /// What the sender of a delivery is told; nil where it was stored.
    private func refusal(for outcome: DeliveryOutcome) -> String? {
        switch outcome {
        case .stored: return nil
        case .queueFull: return "cannot handle stream: cannot process batch: queue is full"
        case .shuttingDown: return Self.shuttingDown
        case .failed(let reason):
            logger.error("events could not be stored", metadata: ["reason": "\(reason)"])
            return "cannot handle stream: the events could not be stored"
        }
    }
}

extension Answer {
    /// Nothing of the request was stored; it may be sent again later.
    fileprivate static func intakeUnavailable(_ message: String) -> Answer {
        var answer = Answer.intakeError(.serviceUnavailable, message)
        answer.headers[.retryAfter] = "5"
        return answer
    }
}
