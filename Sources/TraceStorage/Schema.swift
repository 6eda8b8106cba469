import GRDB

/// The tables, and how they came to be: migrations are only ever added.
///
/// For people who open the file with `sqlite3`. All times are integer µs, `…_us`; points in time count from the
/// epoch. A trace, transaction, span or error id is a BLOB of 8 or 16 bytes where it was sent as that many bytes
/// of lower-case hex (`hex(id)` shows it), else the TEXT as sent. Names, types, services, versions and users are
/// ids of `strings`.
///
/// - `runs`: one row for each trace, numbered in order of arrival; `start_us` is the earliest start of any of its
///   events, `request_us` the time of the last request that brought some, `sent_us` the same without imports (NULL where
///   all was imported, or came before version 3), `parented` the number of its sampled transactions that have a parent.
///   `run_ids` is the index of trace ids, of the runs up to that in `run_ids_end`: see
///   `RunIDs`.
/// - `transactions`: the hot columns of each, clustered by (run, id). `outcome` is 0 unknown, 1 success, 2 failure;
///   `labels` its own labels: see `LabelColumn`.
/// - `parts`: one row for what one body brought to one run. All its spans stand in `data`, their hot columns packed: see
///   `SpanBlock`; `spans` is how many they are, `start_us` their earliest start. `selectors` is what the run can be
///   selected by for this part, labels of its transactions and metadata and versions: see `SelectorDigest`.
/// - `span_ids`: a row for each span of the few runs with very many: see `KnownSpans`.
/// - `side_events`: errors (kind 3), metricsets (4) and logs (5) that name a trace: counted, and kept with their body.
///   `id` is their own where `has_id` is 1, else the digest of their metadata and their line, by which a second
///   delivery is known. `digest` is that of an error with an id, which tells it from another one with the same id (NULL
///   before version 3).
/// - `untraced_events`: those that name no trace, clustered by who sent them and when, told apart by their digest.
/// - `processes`: each distinct metadata line, with what is asked of it; `identity` is the first row with the same
///   host name, pid, node name and container id.
/// - `bodies`: each request that brought something new, compressed as it was received (`encoding` 1 gzip, 2 zlib).
///   The columns (`body`, `line_offset`, `line_length`) of an event say where its line stands in the inflated body.
/// - `figures`: what reports ask of a run, worked out when it was quiet: see `RunFigures`. A cache: a run without a row
///   is worked out anew by who asks.
/// - `losses`: what the intake did not take: how much for each reason, in lines (`unit` 1) or whole requests (2), and
///   when first and last. Beside that, events that it did take, with a time that is hardly meant (3). `offenders` has the last few of each, the latest with the highest `number`.
/// - `removed`: the highest numbers of runs and bodies that retention removed: none is given again.
/// - `leaving`: runs that retention removes in several steps. Until they are gone they are no runs any more: they have no
///   start, and their trace ids lead nowhere.
enum Schema {
    /// Says that a SQLite file is ours: `WTLN`.
    static let applicationID: Int32 = 0x5754_4C4E

    /// Every table, by name.
    static let tables = [
        "bodies", "figures", "leaving", "losses", "offenders", "parts", "processes", "removed", "run_ids",
        "run_ids_end", "runs", "side_events", "span_ids", "strings", "transactions", "untraced_events",
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, events and their bodies") { db in
            try db.execute(sql: firstTables)
        }
        migrator.registerMigration("2 retention") { db in
            try db.execute(sql: retentionTables)
        }
        migrator.registerMigration("3 containers, imports, conflicts, and figures by the second edition") { db in
            try db.execute(sql: containers)
            try db.execute(sql: importColumns)
        }
        return migrator
    }

    private static let retentionTables = """
        CREATE TABLE removed (
            run INTEGER NOT NULL,
            body INTEGER NOT NULL
        ) STRICT;
        INSERT INTO removed VALUES (0, 0);

        CREATE TABLE leaving (run INTEGER PRIMARY KEY) STRICT;
        """

    /// What is found of containers is as agents send it: a line that is no plain JSON has none.
    private static let containers = """
        ALTER TABLE processes ADD COLUMN container INTEGER REFERENCES strings (id);
        CREATE TEMP TABLE found AS
            SELECT id, CAST(json_extract(CAST(line AS TEXT), '$.metadata.system.container.id') AS TEXT) AS container
            FROM processes WHERE json_valid(CAST(line AS TEXT));
        INSERT OR IGNORE INTO strings (text) SELECT DISTINCT container FROM found WHERE container IS NOT NULL;
        UPDATE processes SET container = (
            SELECT strings.id FROM found JOIN strings ON strings.text = found.container WHERE found.id = processes.id);
        DROP TABLE found;
        UPDATE processes SET identity = (
            SELECT min(same.id) FROM processes AS same
            WHERE same.host IS processes.host AND same.pid IS processes.pid AND same.node IS processes.node
                AND same.container IS processes.container)
            WHERE EXISTS (SELECT 1 FROM processes WHERE container IS NOT NULL);
        DELETE FROM figures;
        """

    private static let importColumns = """
        ALTER TABLE runs ADD COLUMN sent_us INTEGER;
        ALTER TABLE side_events ADD COLUMN digest BLOB;
        """

    /// As they were released: never to be changed.
    private static let firstTables = """
        CREATE TABLE strings (
            id INTEGER PRIMARY KEY,
            text TEXT NOT NULL UNIQUE
        ) STRICT;

        CREATE TABLE processes (
            id INTEGER PRIMARY KEY,
            identity INTEGER NOT NULL,
            service INTEGER NOT NULL REFERENCES strings (id),
            version INTEGER REFERENCES strings (id),
            environment INTEGER REFERENCES strings (id),
            host INTEGER REFERENCES strings (id),
            pid INTEGER,
            node INTEGER REFERENCES strings (id),
            agent INTEGER REFERENCES strings (id),
            user INTEGER REFERENCES strings (id),
            labels BLOB,
            line BLOB NOT NULL UNIQUE
        ) STRICT;
        CREATE INDEX processes_by_host ON processes (host, pid, node);
        CREATE INDEX processes_by_identity ON processes (identity);

        CREATE TABLE bodies (
            id INTEGER PRIMARY KEY,
            request_us INTEGER NOT NULL,
            encoding INTEGER NOT NULL,
            decoded_size INTEGER NOT NULL,
            data BLOB NOT NULL
        ) STRICT;

        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            trace_id ANY NOT NULL,
            start_us INTEGER,
            request_us INTEGER NOT NULL,
            parented INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX runs_by_start ON runs (start_us) WHERE start_us IS NOT NULL;
        CREATE INDEX runs_with_groups ON runs (start_us) WHERE parented > 1;

        CREATE TABLE run_ids (
            trace_id ANY NOT NULL PRIMARY KEY,
            run INTEGER NOT NULL REFERENCES runs (id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE run_ids_end (run INTEGER NOT NULL) STRICT;
        INSERT INTO run_ids_end VALUES (0);

        CREATE TABLE transactions (
            run INTEGER NOT NULL REFERENCES runs (id),
            id ANY NOT NULL,
            parent_id ANY,
            process INTEGER NOT NULL REFERENCES processes (id),
            name INTEGER REFERENCES strings (id),
            type INTEGER NOT NULL REFERENCES strings (id),
            service INTEGER NOT NULL REFERENCES strings (id),
            version INTEGER REFERENCES strings (id),
            user INTEGER REFERENCES strings (id),
            start_us INTEGER NOT NULL,
            duration_us INTEGER NOT NULL,
            outcome INTEGER NOT NULL,
            sampled INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            message_age_us INTEGER NOT NULL,
            labels BLOB,
            body INTEGER NOT NULL REFERENCES bodies (id),
            line_offset INTEGER NOT NULL,
            line_length INTEGER NOT NULL,
            PRIMARY KEY (run, id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE parts (
            run INTEGER NOT NULL REFERENCES runs (id),
            body INTEGER NOT NULL REFERENCES bodies (id),
            spans INTEGER NOT NULL,
            start_us INTEGER NOT NULL,
            selectors BLOB NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (run, body)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE span_ids (
            run INTEGER NOT NULL REFERENCES runs (id),
            id ANY NOT NULL,
            PRIMARY KEY (run, id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE side_events (
            run INTEGER NOT NULL REFERENCES runs (id),
            kind INTEGER NOT NULL,
            has_id INTEGER NOT NULL,
            id ANY NOT NULL,
            parent_id ANY,
            transaction_id ANY,
            process INTEGER NOT NULL REFERENCES processes (id),
            time_us INTEGER NOT NULL,
            body INTEGER NOT NULL REFERENCES bodies (id),
            line_offset INTEGER NOT NULL,
            line_length INTEGER NOT NULL,
            PRIMARY KEY (run, kind, has_id, id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE untraced_events (
            process INTEGER NOT NULL REFERENCES processes (id),
            time_us INTEGER NOT NULL,
            digest BLOB NOT NULL UNIQUE,
            kind INTEGER NOT NULL,
            id ANY,
            parent_id ANY,
            transaction_id ANY,
            body INTEGER NOT NULL REFERENCES bodies (id),
            line_offset INTEGER NOT NULL,
            line_length INTEGER NOT NULL,
            PRIMARY KEY (process, time_us, digest)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX untraced_events_by_id ON untraced_events (id) WHERE id IS NOT NULL;

        CREATE TABLE figures (
            run INTEGER PRIMARY KEY REFERENCES runs (id),
            data BLOB NOT NULL
        ) STRICT;

        CREATE TABLE losses (
            id INTEGER PRIMARY KEY,
            reason TEXT NOT NULL,
            unit INTEGER NOT NULL,
            count INTEGER NOT NULL,
            first_us INTEGER NOT NULL,
            last_us INTEGER NOT NULL,
            UNIQUE (reason, unit)
        ) STRICT;

        CREATE TABLE offenders (
            loss INTEGER NOT NULL REFERENCES losses (id),
            number INTEGER NOT NULL,
            time_us INTEGER NOT NULL,
            service TEXT,
            line INTEGER,
            document BLOB,
            PRIMARY KEY (loss, number)
        ) STRICT, WITHOUT ROWID;
        """
}
