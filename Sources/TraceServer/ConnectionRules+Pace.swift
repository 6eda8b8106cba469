import NIOCore

/// How long a client may take, and how far ahead it is read.
extension ConnectionRules {
    // MARK: Time

    /// By when the client must have done what it has to do; nil where it is not its turn.
    private var deadline: NIODeadline? {
        if let stuckSince { return stuckSince + TimeAmount(limits.answerTime) }
        if hasLastAnswer { return nil }
        guard let request = requests.first else {
            return waitingSince + TimeAmount(isHeadDue ? limits.headTime : limits.idleTime)
        }
        return request.isComplete ? nil : waitingSince + TimeAmount(limits.bodyTime)
    }

    /// Sees to it that the deadline is not missed. As long as that only moves on, an alarm that was set looks again when
    /// it goes off, so that most requests set none.
    func setAlarm(_ context: ChannelHandlerContext) {
        guard let deadline, deadline < alarmTime else { return }
        alarm?.cancel()
        alarmTime = deadline
        alarm = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.soundAlarm(context) }
    }

    private func soundAlarm(_ context: ChannelHandlerContext) {
        alarm = nil
        alarmTime = .distantFuture
        // Who waits for the server to take on what came is not late.
        if stuckSince == nil, !requests.isEmpty, state.untaken > 0 { waitingSince = max(waitingSince, .now() - grace) }
        guard let deadline, deadline <= .now() else { return setAlarm(context) }
        if stuckSince == nil, !requests.isEmpty {
            fail(RequestTimedOut(), context)
        } else {
            context.close(promise: nil)
        }
    }

    /// The time of a body without the last second: as long is given to it at least when the server is through with what
    /// came of it.
    private var grace: TimeAmount { TimeAmount(limits.bodyTime) - min(.seconds(1), TimeAmount(limits.bodyTime)) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stuckSince = context.channel.isWritable ? nil : .now()
        setAlarm(context)
        readOn(context)
        context.fireChannelWritabilityChanged()
    }

    // MARK: Reading

    /// How many bytes of a connection may be read that are not decoded yet.
    private var allowance: Int { min(max(16 << 10, (8 << 20) / max(1, connections.count)), 512 << 10) }

    /// Whether more came than should, which a client can only bring about that ended its side: its system's buffers are
    /// then read at once. As long as there is room for that, no harm is done.
    var isTooFarAhead: Bool { state.untaken > 2 * allowance && !memory.hasRoom(for: 0) }

    /// Whether nothing more is to be read for now. What follows the last answer is, and thrown away.
    private func isToWait(_ context: ChannelHandlerContext) -> Bool {
        if hasLastAnswer { return false }
        return requests.count > 1 || !context.channel.isWritable || state.untaken > allowance
    }

    func read(context: ChannelHandlerContext) {
        guard isToWait(context) else { return context.read() }
        isReadHeld = true
        state.hold(true)
        // What was taken on just before that has told nobody.
        readOn(context)
    }

    /// Reads on where that was put off, and is not to be any more.
    func readOn(_ context: ChannelHandlerContext) {
        guard isReadHeld, !isToWait(context) else { return }
        isReadHeld = false
        state.hold(false)
        context.read()
    }
}

/// More came of a body than can be held.
struct ReadTooFar: Error {}
