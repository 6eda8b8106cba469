extension HTMLScript {
    /// What is seen and what is done with it.
    static let viewer = #"""
        // Viewer: what is looked at, and what is done with it -----------------------------------------------------------

        const SORTS = ["start", "total", "wait", "work"];
        let viewers = 0;

        class Viewer {
          constructor(place, run) {
            this.run = run;
            this.place = place;
            place.append(document.getElementById("viewer").content.cloneNode(true));
            const find = (selector) => place.querySelector(selector);
            this.grid = find(".grid");
            this.grid.id = `rows${(viewers += 1)}`;
            this.search = find("input[type=search]");
            this.matches = find(".matches");
            this.message = find(".message");
            this.detail = find(".details");
            this.range = find(".range");
            this.window = new TimeWindow(run.length);
            this.outline = new Outline(run);
            this.rows = new Rows(this.grid, run, this.window);
            this.draw = oncePerFrame(() => this.drawNow());
            this.overview = new Overview(find(".overview"), run, this.window, this.draw);
            this.overview.place.hidden = !run.tasks.row.length;
            this.foldAll = find(".fold-all");
            fillLegend(find(".legend"), run);
            this.strip = new Strip(find(".strip"), this);
            this.onlyFound = find(".only-found");
            this.onlyFailed = find(".only-failed");
            this.onlyFailed.closest("label").hidden = !run.flags.some((flags) => flags & FLAG.failed);
            document.documentElement.classList.add("live");
            listen(this, find);
            this.change();
            this.select(this.rows.rows[0] ?? -1, false);
          }

          // Works out anew which rows there are.
          change() {
            this.rows.setRows(this.outline.rows(), this.outline.closed);
            if (this.selected >= 0 && !this.rows.place.has(this.selected)) this.select(this.rows.rows[0] ?? -1, false);
            this.draw();
          }

          drawNow() {
            this.rows.draw();
            // Beside the rows there is the strip, and may be a scroll bar: the overview leaves as much room.
            const { place } = this.overview;
            place.style.paddingInlineEnd = `${10 + place.offsetWidth - this.grid.clientWidth}px`;
            this.overview.draw();
            this.strip.draw();
            this.foldAll.textContent = this.outline.closed.some((closed) => closed) ? "unfold all" : "fold all";
            const { start, end, whole, isWhole } = this.window;
            const ends = endTexts(start, end, durationForm(whole));
            this.range.textContent = isWhole ? `whole run, ${ends[1]}` : `${ends[0]} – ${ends[1]}`;
          }

          get selected() { return this.rows.selected; }

          select(row, scrolls = true) {
            this.rows.selected = row;
            this.detail.replaceChildren();
            if (row >= 0) this.detail.append(detailList(this.run, row, (other) => this.go(other)));
            if (scrolls) this.rows.scrollTo(row);
            this.draw();
          }

          // Goes to a row wherever it is, and opens what it hangs under.
          go(row) {
            if (row < 0) return;
            if (!this.rows.place.has(row)) {
              if (this.outline.kept && !this.outline.kept[row]) this.clearFilters();
              this.outline.reveal(row);
              this.change();
            }
            this.select(row);
            this.show(row);
          }

          // Moves the window where nothing of a row is in it.
          show(row) {
            const { run, window } = this;
            const [start, end] = [run.start[row], run.start[row] + run.duration[row]];
            if (end >= window.start && start <= window.end) return;
            window.show(start - window.length / 4, start + window.length * 3 / 4);
            this.draw();
          }

          move(count) {
            const { rows } = this.rows;
            if (!rows.length) return;
            const place = this.rows.place.get(this.selected) ?? 0;
            this.select(rows[clamp(place + count, 0, rows.length - 1)]);
          }

          toggle(row = this.selected) {
            if (row < 0 || !this.run.hasChildren(row)) return;
            this.outline.toggle(row);
            this.change();
          }

          into() {
            const row = this.selected;
            if (row < 0 || !this.run.hasChildren(row)) return;
            if (this.outline.closed[row]) this.toggle(row);
            else this.move(1);
          }

          out() {
            const row = this.selected;
            if (row < 0) return;
            if (this.run.hasChildren(row) && !this.outline.closed[row]) this.toggle(row);
            else if (this.run.parent[row] >= 0) this.select(this.run.parent[row]);
          }

          toggleAll() {
            this.outline.closeTasks(!this.outline.closed.some((closed) => closed));
            this.change();
            this.rows.scrollTo(this.selected);
          }

          zoom(factor, fraction) {
            this.window.zoom(factor, fraction);
            this.draw();
          }

          pan(share) {
            this.window.pan(share);
            this.draw();
          }

          zoomOut() {
            this.window.reset();
            this.draw();
          }

          // A row, with a little room on both sides.
          fit(row = this.selected) {
            if (row < 0) return;
            const [start, length] = [this.run.start[row], Math.max(this.run.duration[row], 1)];
            this.window.show(start - length / 20, start + length * 1.05);
            this.draw();
          }

          sortBy(sort) {
            this.outline.sortBy(sort);
            for (const header of this.grid.querySelectorAll("[data-sort]")) {
              const order = header.dataset.sort !== sort ? "none" : sort === "start" ? "ascending" : "descending";
              header.setAttribute("aria-sort", order);
            }
            this.change();
            this.rows.scrollTo(this.selected);
            this.say(`sorted by ${sort}`);
          }

          sortByNext() { this.sortBy(SORTS[(SORTS.indexOf(this.outline.sort) + 1) % SORTS.length]); }

          focusSearch() {
            this.search.focus();
            this.search.select();
          }

          // Looks for what stands in the search box, and goes to the first match from here on.
          find() {
            const text = this.search.value;
            this.rows.found = text ? this.run.search(text) : null;
            this.filter();
            if (text && !this.rows.found[this.selected]) this.nextMatch(1);
            this.sayMatches();
          }

          sayMatches() {
            const { found } = this.rows;
            if (!found) {
              this.matches.textContent = "";
              return;
            }
            let [count, place] = [0, 0];
            for (let row = 0; row < this.run.count; row += 1) {
              count += found[row];
              if (row === this.selected && found[row]) place = count;
            }
            this.matches.textContent = count === 0 ? "no match" : place
              ? `${countText(place)} of ${countText(count)}` : `${countText(count)} found`;
          }

          filter() {
            const { run } = this;
            const found = this.onlyFound.checked ? this.rows.found : null;
            let marked = found;
            if (this.onlyFailed.checked) {
              marked = new Uint8Array(run.count);
              for (let row = 0; row < run.count; row += 1) {
                marked[row] = run.has(row, FLAG.failed) && (!found || found[row]) ? 1 : 0;
              }
            }
            this.outline.keep(marked);
            this.change();
          }

          clearFilters() {
            this.onlyFound.checked = this.onlyFailed.checked = false;
            this.outline.keep(null);
          }

          // The next row, or the one before, that something holds of, in the order of the run; from the other end on
          // where there is none. Rows that filters hide don't count.
          next(holds, direction) {
            const { run } = this;
            const { kept } = this.outline;
            for (let step = 1; step <= run.count; step += 1) {
              const row = (this.selected + direction * step + 2 * run.count) % run.count;
              if ((kept && !kept[row]) || !holds(run, row)) continue;
              this.go(row);
              return true;
            }
            this.say("there is none");
            return false;
          }

          nextMatch(direction) {
            const { found } = this.rows;
            if (found && this.next((_, row) => found[row] === 1, direction)) this.sayMatches();
          }

          goToReleaser() {
            const releaser = this.selected < 0 ? -1 : this.run.releaser(this.selected);
            if (releaser < 0) this.say("nobody released it");
            else this.go(releaser);
          }

          // The clipboard of a file may be out of reach: then the id is selected, to be copied by hand.
          async copyID() {
            if (this.selected < 0) return;
            const id = this.run.id[this.selected];
            try {
              await navigator.clipboard.writeText(id);
              this.say(`copied ${id}`);
            } catch {
              const text = [...this.detail.querySelectorAll("dd")].find((text) => text.textContent === id);
              if (text) getSelection().selectAllChildren(text);
              this.say(`${id} is selected`);
            }
          }

          help() { showKeys(document.getElementById("keys")); }

          say(text) { this.message.textContent = text; }
        }

        """#
}
