extension HTMLScript {
    /// The run's columns, and what is looked up in them.
    static let run = #"""
        // The run: columns of numbers, a place in them for each row, in the order in which they are drawn ---------------

        const FLAG = {
          orphan: 1, incomplete: 2, compressed: 4, unsampled: 8, outlives: 16, before: 32, failed: 64, cycle: 128,
          waits: 256, transaction: 512, task: 1024, chain: 2048,
        };
        const STATE = { wait: 0, own: 1, work: 2 };

        class Run {
          constructor(data) {
            Object.assign(this, data.rows);
            this.length = data.length;
            this.texts = data.texts;
            this.tasks = data.tasks;
            this.notes = data.notes;
            this.signs = data.signs;
            this.hues = data.hues;
            this.raised = data.raised;
            this.errors = new Map(data.errors);
            this.count = this.depth.length;
            this.task = new Int32Array(this.count).fill(-1);
            data.tasks.row.forEach((row, task) => { this.task[row] = task; });
            this.findParents();
            this.longest = 0;
            for (let row = 0; row < this.count; row += 1) this.longest = Math.max(this.longest, this.total(row));
            this.form = durationForm(this.longest);
          }

          // The parent of each row, and the place behind the last of those below it.
          findParents() {
            this.parent = new Int32Array(this.count).fill(-1);
            this.behind = new Int32Array(this.count).fill(this.count);
            const open = [];
            for (let row = 0; row < this.count; row += 1) {
              while (open.length && this.depth[open[open.length - 1]] >= this.depth[row]) this.behind[open.pop()] = row;
              if (open.length) this.parent[row] = open[open.length - 1];
              open.push(row);
            }
          }

          has(row, flag) { return (this.flags[row] & flag) !== 0; }
          hasChildren(row) { return this.behind[row] > row + 1; }
          isTask(row) { return this.has(row, FLAG.task); }
          text(number) { return number < 0 ? "" : this.texts[number]; }

          // The user of a task that has one, else the name.
          label(row) {
            const isUser = this.isTask(row) && this.user[row] >= 0;
            return this.text(isUser ? this.user[row] : this.name[row]);
          }

          // Of a task its column; 0 of what has none.
          quantity(row, column) { return this.task[row] < 0 ? 0 : this.tasks[column][this.task[row]]; }
          total(row) { return this.duration[row] + this.quantity(row, "queued"); }
          wait(row) { return this.quantity(row, "wait"); }
          work(row) { return this.task[row] < 0 ? 0 : this.total(row) - this.wait(row); }
          releaser(row) { return this.task[row] < 0 ? -1 : this.tasks.releaser[this.task[row]]; }

          // Calls `tell(state, start, end)` for each stretch of a row, in order of time.
          eachState(row, tell) {
            const task = this.task[row];
            const start = this.start[row];
            if (task < 0) return tell(this.has(row, FLAG.waits) ? STATE.wait : STATE.work, start, start + this.duration[row]);
            const queued = this.tasks.queued[task];
            if (queued > 0) tell(STATE.wait, start - queued, start);
            const states = this.tasks.states[task];
            // One without any length is an instant of work, to be seen all the same.
            if (!states.length) tell(STATE.work, start, start + this.duration[row]);
            let time = start;
            for (let index = 0; index < states.length; index += 2) {
              tell(states[index], time, time + states[index + 1]);
              time += states[index + 1];
            }
          }

          // For each row, whether a text is found in its name, user, kind, service or id.
          search(text) {
            const wanted = text.toLowerCase();
            const found = new Uint8Array(this.count);
            if (!wanted) return found;
            const hits = this.texts.map((text) => text.toLowerCase().includes(wanted));
            for (let row = 0; row < this.count; row += 1) {
              const isHit = hits[this.name[row]] || (this.isTask(row) && hits[this.user[row]]) || hits[this.kind[row]]
                || hits[this.service[row]] || this.id[row].startsWith(wanted);
              if (isHit) found[row] = 1;
            }
            return found;
          }
        }

        """#

    /// Which rows are shown, from the top.
    static let order = #"""
        // Order: which rows are shown, from the top ---------------------------------------------------------------------

        class Outline {
          constructor(run) {
            this.run = run;
            this.closed = new Uint8Array(run.count);
            this.sort = "start";
            this.kept = null;
            this.sorted = null;
            this.closeTasks(run.count > 60);
          }

          // Closes all tasks, or where there are none all rows that are set in; or opens everything.
          closeTasks(isClosed) {
            const { run } = this;
            const hasTasks = run.tasks.row.length > 0;
            for (let row = 0; row < run.count; row += 1) {
              const isTop = hasTasks ? run.isTask(row) : run.depth[row] > 0;
              this.closed[row] = isClosed && isTop && run.hasChildren(row) ? 1 : 0;
            }
          }

          toggle(row) { this.closed[row] = this.closed[row] ? 0 : 1; }

          // Opens all that a row hangs under.
          reveal(row) {
            for (let above = this.run.parent[row]; above >= 0; above = this.run.parent[above]) this.closed[above] = 0;
          }

          // Siblings by start, or by a quantity, the largest first.
          sortBy(sort) {
            this.sort = sort;
            this.sorted = null;
            if (sort === "start") return;
            const { run } = this;
            const keys = new Float64Array(run.count);
            for (let row = 0; row < run.count; row += 1) keys[row] = run[sort](row);
            this.sorted = Array.from({ length: run.count }, (_, row) => row)
              .sort((a, b) => run.parent[a] - run.parent[b] || keys[b] - keys[a] || a - b);
          }

          // Keeps the rows that are marked and what they hang under, which is opened for as long; null keeps all.
          keep(marked) {
            if (this.kept) this.closed = this.closedBefore;
            this.kept = marked && marked.slice();
            if (!marked) return;
            this.closedBefore = this.closed;
            this.closed = this.closed.slice();
            for (let row = this.run.count - 1; row >= 0; row -= 1) {
              if (this.kept[row] && this.run.parent[row] >= 0) {
                this.kept[this.run.parent[row]] = 1;
                this.closed[this.run.parent[row]] = 0;
              }
            }
          }

          rows() {
            const { run, closed, kept } = this;
            const rows = [];
            if (this.sorted) return this.sortedRows(rows);
            for (let row = 0; row < run.count;) {
              if (kept && !kept[row]) {
                row = run.behind[row];
                continue;
              }
              rows.push(row);
              row = closed[row] ? run.behind[row] : row + 1;
            }
            return rows;
          }

          sortedRows(rows) {
            const { run, closed, kept, sorted } = this;
            // Children of one parent stand together: where they begin, by parent; -1 is above all.
            const first = new Int32Array(run.count + 2).fill(-1);
            sorted.forEach((row, place) => {
              if (first[run.parent[row] + 1] < 0) first[run.parent[row] + 1] = place;
            });
            const waiting = [];
            const push = (parent) => {
              const begin = first[parent + 1];
              if (begin < 0) return;
              let end = begin;
              while (end < sorted.length && run.parent[sorted[end]] === parent) end += 1;
              for (let place = end - 1; place >= begin; place -= 1) waiting.push(sorted[place]);
            };
            push(-1);
            while (waiting.length) {
              const row = waiting.pop();
              if (kept && !kept[row]) continue;
              rows.push(row);
              if (!closed[row]) push(row);
            }
            return rows;
          }
        }

        """#
}
