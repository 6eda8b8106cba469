package import TraceCore

/// `waitline.database.info.v1` and `waitline.database.check.v1`.
package enum DatabaseJSON {
    /// What a database holds: `events` by kind, `tables` with rows and bytes (null where this SQLite cannot tell), and
    /// `losses`: what an intake did not take, by reason and unit (`lines` or `requests`), with the last `offenders` of
    /// each, the latest last. `odd_times`, in the same form with the unit `events`: what it took with times that are
    /// hardly meant; `looks_like` is the unit that they look like (null: none).
    package static func text(_ information: DatabaseInformation, path: String) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.database.info.v1")
            json.key("path")
            json.string(path)
            writeFile(information, to: &json)
            writeEvents(information, to: &json)
            json.key("tables")
            json.array { json in
                for table in information.tables {
                    json.object { json in
                        json.key("name")
                        json.string(table.name)
                        json.key("rows")
                        json.integer(table.rows)
                        json.key("bytes")
                        json.integer(table.bytes)
                    }
                }
            }
            json.key("losses")
            json.array { json in
                for loss in information.losses { write(loss, to: &json) }
            }
            json.key("odd_times")
            json.array { json in
                for times in information.oddTimes { write(times, to: &json) }
            }
        }
        return json.text + "\n"
    }

    /// What a check found: `ok` where it found nothing, else the `problems` in words.
    package static func check(problems: [String], bodies: Int, events: Int, path: String) -> String {
        var json = JSONWriter()
        json.object { json in
            json.key("schema")
            json.string("waitline.database.check.v1")
            json.key("path")
            json.string(path)
            json.key("ok")
            json.bool(problems.isEmpty)
            json.key("bodies")
            json.integer(bodies)
            json.key("events")
            json.integer(events)
            json.key("problems")
            json.array { json in
                for problem in problems { json.string(problem) }
            }
        }
        return json.text + "\n"
    }

    private static func writeFile(_ information: DatabaseInformation, to json: inout JSONWriter) {
        json.key("schema_version")
        json.integer(information.schemaVersion)
        json.key("file_bytes")
        json.integer(information.fileSize)
        json.key("wal_bytes")
        json.integer(information.logSize)
        json.key("page_bytes")
        json.integer(information.pageSize)
        json.key("pages")
        json.integer(information.pages)
        json.key("free_pages")
        json.integer(information.freePages)
    }

    private static func writeEvents(_ information: DatabaseInformation, to json: inout JSONWriter) {
        json.key("events")
        json.object { json in
            let counts = [
                ("transactions", information.transactions), ("spans", information.spans),
                ("errors", information.errors), ("metricsets", information.metricsets), ("logs", information.logs),
            ]
            for (name, count) in counts {
                json.key(name)
                json.integer(count)
            }
        }
        json.key("dropped_spans")
        json.integer(information.droppedSpans)
        json.key("runs")
        json.integer(information.runs)
        json.key("processes")
        json.integer(information.processes)
        json.key("metadata_lines")
        json.integer(information.metadataLines)
        json.key("texts")
        json.integer(information.texts)
        json.key("bodies")
        json.integer(information.bodies)
        json.key("body_bytes")
        json.integer(information.storedBodyBytes)
        json.key("decoded_body_bytes")
        json.integer(information.decodedBodyBytes)
        let times = [
            ("first_start_us", information.starts?.lowerBound), ("last_start_us", information.starts?.upperBound),
            ("first_request_us", information.requests?.lowerBound),
            ("last_request_us", information.requests?.upperBound),
        ]
        for (name, time) in times {
            json.key(name)
            json.integer(time)
        }
    }

    private static func write(_ loss: StoredLoss, to json: inout JSONWriter) {
        json.object { json in
            json.key("reason")
            json.string(loss.reason)
            json.key("unit")
            switch loss.unit {
            case .lines: json.string("lines")
            case .requests: json.string("requests")
            case .oddTimes:
                json.string("events")
                json.key("looks_like")
                let doubt = TimeDoubt(reason: loss.reason)
                json.string(doubt == .other ? nil : doubt?.rawValue)
            }
            json.key("count")
            json.integer(loss.count)
            json.key("first_us")
            json.integer(loss.first)
            json.key("last_us")
            json.integer(loss.last)
            json.key("offenders")
            json.array { json in
                for offender in loss.offenders {
                    json.object { json in
                        json.key("time_us")
                        json.integer(offender.time)
                        json.key("service")
                        json.string(offender.service)
                        json.key("line")
                        json.integer(offender.line)
                        json.key("document")
                        json.string(offender.document.map { String(decoding: $0, as: UTF8.self) })
                    }
                }
            }
        }
    }
}
