import HTTPTypes
import Hummingbird
import Logging
import ServiceLifecycle
import TraceCore
import TraceIntake

extension ElasticRoutes {
    /// `/intake/v2/events`: a stream of events. It is answered when its body was read to the end and its events
    /// are committed.
    func events(_ request: Request) async -> Answer {
        let statedTime = statedTime(of: request)
        let requestTime = statedTime ?? now()
        var answer: Answer
        if let refusal = refusal(of: request) {
            answer = await refuse(request, refusal.answer)
            await noteLoss(of: request, refusal.reason, at: requestTime)
        } else {
            answer = await take(request, requestTime: requestTime, isImport: statedTime != nil)
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
        if Task.isShuttingDownGracefully { return (.intakeUnavailable(Self.shuttingDown), Self.shuttingDown) }
        // Those whose bodies have been coming for long make room for those that come.
        if memory.isTight { connections.closeSlowestBody() }
        guard !memory.hasRoom(for: Self.leastRoom) else { return nil }
        return (.intakeUnavailable(IntakeReception.queueIsFull), IntakeReception.queueIsFull)
    }

    private static let shuttingDown = "server is shutting down"
    /// Bytes that a request takes at least while it is decoded; where there are not as many, none begins.
    private static let leastRoom = 256 << 10

    private func take(_ request: Request, requestTime: Int64, isImport: Bool) async -> Answer {
        var reception = IntakeReception(
            encoding: request.headers[.contentEncoding], requestTime: requestTime, isImport: isImport, memory: memory,
            limits: configuration.limits, sink: sink)
        await reception.read(request.body)
        await reception.end()
        let tally = RequestTally(reception)
        if case .undecodable(let message)? = reception.failure {
            await noteLoss(of: request, message, at: requestTime)
            return .intakeError(.badRequest, message).counting(tally)
        }
        if !reception.losses.isEmpty { await losses(reception.losses) }
        warnOfOddTimes(reception.result)
        let counts = [(IntakeHeaders.duplicates, reception.duplicates), (IntakeHeaders.conflicts, reception.conflicts)]
        var answer: Answer
        if let refusal = reception.refusal {
            let message = self.message(of: refusal)
            await noteLoss(of: request, message, at: requestTime, service: reception.service)
            answer = .intakeUnavailable(message, accepted: reception.stored)
        } else {
            answer = self.answer(to: request, reception.status, reception.result)
        }
        for (header, count) in counts where count > 0 {
            if let name = HTTPField.Name(header) { answer.headers[name] = String(count) }
        }
        return answer.counting(tally)
    }

    private func answer(to request: Request, _ status: HTTPResponse.Status, _ result: IntakeResult) -> Answer {
        let isVerbose = request.uri.queryParameters["verbose"] != nil
        guard status.code >= 400 || isVerbose else { return Answer(.accepted) }
        return .intake(status, accepted: result.accepted, errors: shortened(result.errors))
    }

    /// Errors with their lines as they came, or, where many answers wait for clients to take them, only the beginnings.
    private func shortened(_ errors: [IntakeError]) -> [IntakeError] {
        // A byte that is to be escaped takes six.
        let size = 6 * errors.reduce(0) { $0 + ($1.document?.count ?? 0) }
        guard memory.isTight || !memory.hasRoom(for: size) else { return errors }
        return errors.map { error in
            var error = error
            error.document = error.document.map { Array($0.prefix(Self.shortDocument)) }
            return error
        }
    }

    private static let shortDocument = 256

    /// What the sender of something that was not stored is told.
    private func message(of refusal: IntakeReception.Refusal) -> String {
        switch refusal {
        case .queueFull: return IntakeReception.queueIsFull
        case .shuttingDown: return Self.shuttingDown
        case .failed(let reason):
            // Where that goes on, the store says so itself, once.
            logger.debug("events could not be stored", metadata: ["reason": "\(reason)"])
            return "cannot handle stream: the events could not be stored"
        }
    }
}

extension Answer {
    /// The request was not stored, or not all of it; it may be sent again later.
    fileprivate static func intakeUnavailable(_ message: String, accepted: Int = 0) -> Answer {
        let error = IntakeError(message: message, document: nil, line: 0)
        var answer = Answer.intake(.serviceUnavailable, accepted: accepted, errors: [error])
        answer.headers[.retryAfter] = "5"
        return answer
    }
}
