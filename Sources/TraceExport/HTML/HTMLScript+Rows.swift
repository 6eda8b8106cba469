extension HTMLScript {
    /// What is said of one row.
    static let details = #"""
        // Details: all that is known of a row -----------------------------------------------------------------------------

        // The longest that are named one by one.
        const MOST_NAMED = 8;

        // Pairs of a word and a text, a list of rows, or a text that is to stand out.
        function detailsOf(run, row) {
          const isTask = run.task[row] >= 0;
          const time = (value) => durationText(value, durationForm(value));
          const pairs = [["name", run.text(run.name[row])]];
          if (run.isTask(row) && run.user[row] >= 0) pairs.push(["user", run.text(run.user[row])]);
          if (run.kind[row] >= 0) pairs.push(["type", run.text(run.kind[row])]);
          if (run.service[row] >= 0) pairs.push(["service", run.text(run.service[row])]);
          pairs.push([run.has(row, FLAG.transaction) ? "transaction" : "span", run.id[row]]);
          pairs.push(["start", durationText(run.start[row], run.form)], [isTask ? "total" : "duration", time(run.total(row))]);
          if (isTask) {
            const task = run.task[row];
            const source = run.tasks.source[task];
            pairs.push(["wait", run.wait(row) ? `${time(run.wait(row))} (${source})` : "–"]);
            const lines = run.tasks.lines[task];
            for (let index = 0; index < lines.length; index += 2) {
              pairs.push(["in line", `${time(lines[index])} for ${lines[index + 1]}`]);
            }
            pairs.push(["work", time(run.work(row))], ["self", time(run.tasks.self[task])]);
            if (run.tasks.delay[task] > 0) pairs.push(["delay", time(run.tasks.delay[task])]);
            if (run.releaser(row) >= 0) pairs.push(["released by", [run.releaser(row)]]);
            const released = releasedBy(run, row);
            if (released.length) pairs.push(["released", released]);
          }
          const notes = run.notes.filter((_, bit) => run.has(row, 1 << bit));
          if (run.has(row, FLAG.chain)) notes.push("on the critical chain");
          if (notes.length) pairs.push(["note", notes.join(", ")]);
          for (const error of run.errors.get(row) || []) pairs.push(["error", error]);
          return pairs;
        }

        // From when to when a row lasts.
        function extent(run, row) {
          const [start, end] = endTexts(run.start[row], run.start[row] + run.duration[row], run.form);
          return `from ${start} to ${end}`;
        }

        // The tasks that took the slot of one.
        function releasedBy(run, row) {
          if (!run.releasedRows) {
            run.releasedRows = new Map();
            run.tasks.releaser.forEach((releaser, task) => {
              if (releaser < 0) return;
              if (!run.releasedRows.has(releaser)) run.releasedRows.set(releaser, []);
              run.releasedRows.get(releaser).push(run.tasks.row[task]);
            });
          }
          return run.releasedRows.get(row) || [];
        }

        // A list of words and what they say; rows are buttons that lead there.
        function detailList(run, row, go) {
          const list = make("dl");
          for (const [word, value] of detailsOf(run, row)) {
            const entry = make("div", word === "error" ? "error" : "");
            const text = make("dd");
            if (Array.isArray(value)) {
              for (const other of value.slice(0, MOST_NAMED)) {
                const button = make("button", "link", run.label(other));
                button.type = "button";
                button.addEventListener("click", () => go(other));
                text.append(button, " ");
              }
              if (value.length > MOST_NAMED) text.append(`… ${countText(value.length - MOST_NAMED)} more`);
            } else {
              text.textContent = value;
            }
            entry.append(make("dt", "", word), text);
            list.append(entry);
          }
          return list;
        }

        // In a few lines, for the pointer: what it is, where its time went, and what it does just there.
        function tooltipOf(run, row, time) {
          const lines = [run.label(row)];
          if (run.isTask(row) && run.user[row] >= 0) lines.push(run.text(run.name[row]));
          else if (run.kind[row] >= 0) lines.push(run.text(run.kind[row]));
          const text = (value) => durationText(value, run.form);
          if (run.task[row] < 0) lines.push(`duration ${text(run.duration[row])}`);
          else {
            const wait = run.wait(row) ? text(run.wait(row)) : "–";
            lines.push(`total ${text(run.total(row))}  wait ${wait}  work ${text(run.work(row))}`);
          }
          let there = "";
          run.eachState(row, (state, start, end) => {
            if (time < start || time >= end || run.task[row] < 0) return;
            there = ["waiting", "own code", "working"][state] + ` for ${text(end - start)}`;
          });
          if (there) lines.push(`at ${text(time)}: ${there}`);
          else lines.push(extent(run, row));
          if (run.releaser(row) >= 0) lines.push(`released by ${run.label(run.releaser(row))}`);
          if (run.has(row, FLAG.failed)) lines.push("✕ failed");
          for (const error of run.errors.get(row) || []) lines.push(error);
          return lines;
        }

        """#

    /// What the colours of spans mean.
    static let legend = #"""
        // Legend ----------------------------------------------------------------------------------------------------------

        // What waiting is known by, and what spans have each hue.
        function fillLegend(legend, run) {
          const sources = [...new Set(run.tasks.source)].filter((source) => source);
          if (sources.length) legend.querySelector(".of-wait").append(` (${sources.join(", ")})`);
          const holds = (test) => run.flags.some(test);
          legend.querySelector(".of-delay").hidden = !run.tasks.delay.some((delay) => delay > 0);
          legend.querySelector(".of-failed").hidden = !holds((flags) => flags & FLAG.failed);
          legend.querySelector(".of-chain").hidden = !holds((flags) => flags & FLAG.chain);
          run.hues.forEach((names, hue) => {
            if (!names.length) return;
            const entry = make("span");
            const svg = makeSVG("svg", { width: 12, height: 10, "aria-hidden": "true" });
            svg.append(makeSVG("rect", { class: `wl-hue${hue}`, width: 12, height: 10 }));
            entry.append(svg, make("span", "hue-names", names.join(", ")));
            legend.append(entry);
          });
        }

        """#

    /// The rows in sight, and only those.
    static let rows = #"""
        // Rows: those in sight, and the selected one, are elements; all others are room ------------------------------------

        class Rows {
          constructor(grid, run, window) {
            Object.assign(this, { grid, run, window });
            this.space = grid.querySelector(".space");
            this.axis = grid.querySelector(".axis");
            this.elements = new Map();
            this.rows = [];
            this.place = new Map();
            this.found = null;
            this.selected = -1;
          }

          get rowHeight() { return parseFloat(getComputedStyle(this.grid).getPropertyValue("--row")) || BAR_HEIGHT; }
          get headHeight() { return this.grid.querySelector(".head").offsetHeight; }

          setRows(rows, closed) {
            this.rows = rows;
            this.closed = closed;
            this.place = new Map();
            rows.forEach((row, place) => this.place.set(row, place));
            this.grid.setAttribute("aria-rowcount", rows.length + 1);
          }

          // Brings a row into sight.
          scrollTo(row) {
            const place = this.place.get(row);
            if (place === undefined) return;
            const { grid, rowHeight, headHeight } = this;
            const top = place * rowHeight;
            const room = grid.clientHeight - headHeight - rowHeight;
            const beyond = Math.max(grid.scrollTop - top, top - grid.scrollTop - room);
            // One that is far away comes to the middle.
            if (beyond > room / 2) grid.scrollTop = top - room / 2;
            else if (top < grid.scrollTop) grid.scrollTop = top;
            else if (top > grid.scrollTop + room) grid.scrollTop = top - room;
          }

          get pageSize() { return Math.max(1, Math.floor((this.grid.clientHeight - this.headHeight) / this.rowHeight) - 1); }

          draw() {
            const { grid, rows, rowHeight, window } = this;
            this.space.style.height = `${rows.length * rowHeight}px`;
            const width = this.axis.clientWidth;
            const marks = ticks(window.start, window.length, window.whole, width);
            this.drawAxis(marks, width);
            const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - 4);
            const last = Math.min(rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + 4);
            const wanted = new Set(rows.slice(first, last));
            if (this.place.has(this.selected)) wanted.add(this.selected);
            for (const [row, element] of this.elements) {
              if (wanted.has(row)) continue;
              element.remove();
              this.elements.delete(row);
            }
            for (const row of wanted) this.drawRow(row, rowHeight, width, marks);
            if (this.place.has(this.selected)) grid.setAttribute("aria-activedescendant", `${grid.id}-${this.selected}`);
            else grid.removeAttribute("aria-activedescendant");
          }

          drawAxis(marks, width) {
            // A label that would be cut off is left out.
            this.axis.replaceChildren(...marks.filter(({ x, text }) => x + text.length * 8 + 8 < width).map(({ x, text }) => {
              const label = make("span", "tick", text);
              label.style.left = `${x}px`;
              return label;
            }));
          }

          drawRow(row, rowHeight, width, marks) {
            const { run } = this;
            const place = this.place.get(row);
            let element = this.elements.get(row);
            if (!element) {
              element = this.makeRow(row);
              this.elements.set(row, element);
              this.space.append(element);
            }
            element.style.transform = `translateY(${place * rowHeight}px)`;
            element.setAttribute("aria-rowindex", place + 2);
            element.setAttribute("aria-selected", row === this.selected);
            element.classList.toggle("odd", place % 2 === 1);
            element.classList.toggle("found", Boolean(this.found && this.found[row]));
            element.classList.toggle("releaser", this.selected >= 0 && run.releaser(this.selected) === row);
            if (run.hasChildren(row)) {
              element.setAttribute("aria-expanded", !this.closed[row]);
              element.querySelector(".twist").textContent = this.closed[row] ? "▸" : "▾";
            }
            const svg = element.querySelector("svg");
            svg.setAttribute("width", width);
            drawBar(svg, run, row, this.window, width, marks);
          }

          makeRow(row) {
            const { run } = this;
            const element = make("div", "row");
            element.id = `${this.grid.id}-${row}`;
            element.dataset.row = row;
            element.setAttribute("role", "row");
            element.setAttribute("aria-level", run.depth[row] + 1);
            element.classList.toggle("task", run.isTask(row));
            element.classList.toggle("failed", run.has(row, FLAG.failed));
            const name = make("div", "name");
            name.style.paddingInlineStart = `${Math.min(Math.max(0, run.depth[row] - run.raised), 12) * 14}px`;
            name.append(make("span", "twist"));
            if (run.has(row, FLAG.chain)) name.append(make("span", "chain", "*"));
            const signs = run.signs.filter((_, bit) => run.has(row, 1 << bit)).join("");
            name.append(make("span", "label", run.label(row)));
            if (signs) name.append(make("span", "signs", signs));
            const bar = make("div", "bar");
            bar.append(makeSVG("svg", { height: BAR_HEIGHT, "aria-hidden": "true" }));
            bar.setAttribute("aria-label", extent(run, row));
            const number = (value, className) => {
              const isBlank = run.task[row] < 0 && className !== "total";
              const text = isBlank ? "" : value > 0 ? durationText(value, run.form) : "–";
              return make("div", `number ${className} ${value > 0 ? "" : "none"}`, text);
            };
            element.append(name, bar, number(run.total(row), "total"), number(run.wait(row), "wait-time"));
            element.append(number(run.work(row), "work-time"));
            for (const cell of element.children) cell.setAttribute("role", "gridcell");
            return element;
          }
        }

        """#
}
