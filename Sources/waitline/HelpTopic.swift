import TraceCore

/// What `waitline help` tells beside the commands.
enum HelpTopic: String {
    case waitAndWork = "wait-and-work"

    /// The topic that the program's arguments ask for; nil where they ask for something else.
    init?(_ arguments: some Collection<String>) {
        guard arguments.count == 2, arguments.first == "help", let name = arguments.dropFirst().first else {
            return nil
        }
        self.init(rawValue: name)
    }

    /// Lines of at most 80 columns.
    var text: String {
        switch self {
        case .waitAndWork: Self.definitions
        }
    }

    /// Words in order, on as many lines as they need.
    private static func words(_ words: Set<String>) -> String {
        var lines = [""]
        for word in words.sorted() {
            if let last = lines.last, !last.isEmpty, last.count + word.count > 60 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n           ")
    }

    private static let definitions = """
        WAIT AND WORK

        A run is a trace. A task is a transaction looked at as a unit of work. At each
        instant of a task it is in one state:

          work   one of its spans is open that does not wait
          wait   spans are open, and all of them wait (source: span); or none is
                 open, and its wait is inferred (source: inferred)
          self   none is open otherwise: its own code, or waiting that nobody told of

        Before it, while its message lay in a queue, it was queued (source: message).

          total = duration + queued      wait = queued + wait (span) + wait (inferred)
          work  = total - wait           self is a part of work

        Wait spans. A span waits where a part of its type, subtype or action is one of
        the wait words (wait, queue, lock, semaphore, ...), or where it is the
        application's own and its name has such a word. What is below a wait span
        waits too. --wait-words FILE replaces the words: one a line, below [types]
        (compared with the parts of type, subtype and action) or [names] (compared with
        the words of the names of app, custom and code spans). A section replaces the
        standard list, an empty one turns it off; # begins a comment. The standard:

          [types]  \(words(WaitWords.standard.typeParts))
          [names]  \(words(WaitWords.standard.nameWords))

        The inferred wait. Tasks of one parent transaction, service, process and name
        are a group. A task may have stood in line before its first work (or, after a
        lookup, in its longest gap); what is taken to be a gap is looked at both ways.
        K slots: the number that best foretells when each task began to work, if the
        m-th to begin got the slot of the (m - K)-th to end. A time that passes untold
        in all tasks alike, before the first work or after the slot is given back, is
        no evidence against a number. A line is seen only where

          slots       K explains nine tenths of the gaps: a task waited until the one
                      whose slot it got had ended, and was released by it
          rate        tasks were started at even intervals, whoever had ended
          hand-overs  tasks began just as others ended, though no number fits

        A task that never began to work waited, too, while all slots were taken. Tasks
        of several processes are one group where only together they show a line, or
        none of them does. Where nothing is seen, no wait is inferred. Not seen are
        waits of tasks without a parent, and of lines with only a few waiters.

        Lines within tasks. Spans of one type and name below which nothing is open, of
        all tasks of a process, may stand in a line as well: a pool of connections. Such
        a wait lies before the span, while those above it stand idle.

        --inference auto      as above
        --inference explicit  wait spans and message age alone
        --inference gap       all time of a task before its first work span

        Delay is the time before a task was opened, from the earliest task of its group:
        no part of total, and counted only where the group is a batch. turnaround =
        delay + duration. makespan is from the earliest start to the latest end.
        slowdown = total / work.

        Statistics. Percentiles are nearest rank on exact values; those of different
        quantities do not add up. One of fewer values than it needs (p90: 10, p95: 20,
        p99: 100) is shown as a dash, and is in JSON and CSV all the same. wait share =
        summed wait / summed total. Unsampled transactions are excluded and counted. A
        task of which the agent dropped spans is incomplete, and is marked.

        Work split by type (--breakdown): each instant at which a task works is shared
        equally among the types of the innermost spans that are open.

        What if. Each task has an arrival, a place in line and a slot time: where slots
        are seen, from its admission until it gives the slot back, else its work. The
        line is served in order on n slots. Where waits are under 1 % of the durations
        or no line is seen, arrivals are unknown, and all tasks are taken to arrive
        together. Where a rate or hand-overs are seen, there is no answer. Slot times
        are assumed not to grow with more slots. utilisation = summed slot time / (n x
        makespan). Enough are the slots of which twice as many save less than a tenth of
        the recorded makespan; the knee comes within 5 % of the shortest there can be.

        Background. What else the process of a run's groups did meanwhile: transactions
        of none of them. Their starts are regular where there are at least five, and
        three quarters of the times between them are within a fifth of the median. Each
        is due one such median after the start before it, and late by what it comes
        after that.

        Flow. The critical chain starts at the task that ended last and goes to the task
        that released it, and so on: it set the group's length. Little's law (mean
        number = arrivals per time x mean time) is an identity: its terms, worked out
        independently, prove the sums and nothing more. Jain's index, (sum of x)^2 /
        (n x sum of x^2) over the slowdowns, is 1 where all tasks were slowed alike.
        """
}
