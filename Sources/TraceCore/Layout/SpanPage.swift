/// Everything stored about one event: what a view or an exporter of it is given.
package struct SpanPage: Sendable {
    package enum Subject: Sendable {
        /// A transaction or a span.
        case event(EventFacts)
        /// An error, a log or a metricset.
        case side(SideEventFacts)
    }

    /// An error, a log or a metricset, and what its line says.
    package struct Side: Sendable {
        package var event: SideEvent
        package var details: EventDetails

        package init(_ event: SideEvent, _ details: EventDetails) {
            self.event = event
            self.details = details
        }
    }

    package var subject: Subject
    package var details: EventDetails
    /// What went wrong in it, in order of time.
    package var errors: [Side] = []
    /// Of a run's root: the logs and metricsets of the run and of what its processes sent at its time.
    package var surroundings: [Side] = []
    /// What the metadata says.
    package var processFields: [EventDetails.Field] = []
    /// The line as it came, without its newline.
    package var rawLine: [UInt8] = []

    package init(_ subject: Subject, _ details: EventDetails) {
        self.subject = subject
        self.details = details
    }
}
