import TraceCore

/// What `GET /metrics` shows: everything that is counted of the server, its store and its process.
struct MetricsPage {
    let identity: IntakeConfiguration.Identity
    let counts: RequestMeters.Counts
    let store: StoreStatus
    let connections: OpenConnections
    /// When the server was made, seconds since the epoch.
    let startTime: Double

    var text: String {
        var page = PrometheusText()
        page.family("waitline_build_info", .gauge, "What the server is; always 1.")
        page.sample(
            "waitline_build_info",
            [("revision", identity.buildRevision), ("build_date", identity.buildDate), ("speaks", identity.version)], 1)
        writeEvents(&page)
        writeStore(&page)
        writeProcess(&page)
        return page.text
    }

    private func writeEvents(_ page: inout PrometheusText) {
        page.single(
            "waitline_events_accepted_total", .counter, "Events that were taken and committed.", counts.accepted)
        page.single(
            "waitline_events_duplicate_total", .counter, "Those of the accepted that had been stored before.",
            counts.duplicates)
        page.single(
            "waitline_events_odd_time_total", .counter,
            "Those of the accepted with a time before the year 2000 or more than a day ahead.", counts.oddTimes)
        page.family("waitline_events_rejected_total", .counter, "Events that were not taken, by reason.")
        for (reason, count) in counts.rejectedByReason {
            page.sample("waitline_events_rejected_total", [("reason", reason.rawValue)], Double(count))
        }
        page.family("waitline_requests_total", .counter, "Requests that were answered, by endpoint and status.")
        for (endpoint, status, count) in counts.requestsByKind {
            page.sample(
                "waitline_requests_total", [("endpoint", endpoint.name), ("status", status)], Double(count))
        }
        page.single(
            "waitline_received_bytes_total", .counter, "Bytes of bodies as they came, mostly compressed.",
            counts.receivedBytes)
        page.single("waitline_decoded_bytes_total", .counter, "Bytes of bodies once inflated.", counts.decodedBytes)
        page.single("waitline_connections_open", .gauge, "Connections that are open.", connections.count)
        page.single(
            "waitline_connections_total", .counter, "Connections that were opened.", connections.total)
    }

    private func writeStore(_ page: inout PrometheusText) {
        page.single(
            "waitline_queue_requests", .gauge, "Requests that wait for their commit.", store.waitingDeliveries)
        page.single("waitline_queue_bytes", .gauge, "Bytes that wait for their commit.", store.waitingBytes)
        page.single(
            "waitline_queue_limit_bytes", .gauge, "Beyond so many waiting bytes a request gets 503.",
            store.waitingLimit)
        page.single("waitline_commits_total", .counter, "Commits, failed ones included.", store.commits)
        page.single("waitline_commits_failed_total", .counter, "Commits that failed.", store.failedCommits)
        page.family("waitline_commit_seconds", .histogram, "How long commits took.")
        for (bound, count) in store.commitTimes.buckets {
            page.sample("waitline_commit_seconds_bucket", [("le", PrometheusText.number(bound))], Double(count))
        }
        let times = store.commitTimes
        page.sample("waitline_commit_seconds_bucket", [("le", "+Inf")], Double(times.count))
        page.sample("waitline_commit_seconds_sum", [], times.sum)
        page.sample("waitline_commit_seconds_count", [], Double(times.count))
        page.single("waitline_database_bytes", .gauge, "Bytes of the database's file.", store.databaseBytes)
        page.single("waitline_database_log_bytes", .gauge, "Bytes of its write-ahead log.", store.logBytes)
        page.single(
            "waitline_store_writable", .gauge, "Whether events can be stored now: 1, or 0.",
            store.problem == nil ? 1 : 0)
    }

    private func writeProcess(_ page: inout PrometheusText) {
        page.single(
            "process_start_time_seconds", .gauge, "When the server started, seconds since the epoch.", startTime)
        page.single(
            "process_cpu_seconds_total", .counter, "Time that the processors spent on it.", Platform.processorSeconds)
        page.single(
            "process_resident_memory_bytes", .gauge, "Memory that it takes.", Platform.residentBytes)
        page.single("process_open_fds", .gauge, "Descriptors that are open.", Platform.openDescriptors)
        page.single("process_max_fds", .gauge, "Descriptors that may be open.", Platform.mostDescriptors)
    }
}
