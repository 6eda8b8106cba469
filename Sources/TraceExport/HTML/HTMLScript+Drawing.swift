extension HTMLScript {
    /// One row's bar.
    static let bars = #"""
        // Bars ---------------------------------------------------------------------------------------------------------

        const STATE_CLASS = ["wait", "wl-own", "wl-work"];
        const BAR_HEIGHT = 22;

        // Draws a row's stretches as far as they are in the window. Of each state there is one path; stretches that
        // are nearer than half a pixel are one, and none is narrower than a pixel, so that nothing is lost from sight.
        function drawBar(svg, run, row, window, width, marks) {
          const [top, height] = run.has(row, FLAG.transaction) ? [4, 14] : [6, 10];
          const shapes = [[], [], []];
          const last = [null, null, null];
          run.eachState(row, (state, start, end) => {
            if (end < window.start || start > window.end) return;
            const left = Math.max(window.x(start, width), -2);
            const right = Math.max(Math.min(window.x(end, width), width + 2), left + 1);
            if (last[state] && left <= last[state].right + 0.5) {
              last[state].right = Math.max(last[state].right, right);
              return;
            }
            last[state] = { left, right };
            shapes[state].push(last[state]);
          });
          const parts = [];
          if (marks) parts.push(makeSVG("path", { class: "guide", d: marks.map(({ x }) => `M${x.toFixed(1)} 0v${BAR_HEIGHT}`).join("") }));
          const delay = run.quantity(row, "delay");
          if (delay > 0 && run.start[row] >= window.start && run.start[row] - delay <= window.end) {
            const from = Math.max(window.x(run.start[row] - delay, width), 0);
            parts.push(makeSVG("path", { class: "delay", d: `M${from.toFixed(1)} 11H${window.x(run.start[row], width).toFixed(1)}` }));
          }
          // Wait last: what a task waited is never hidden by its work.
          for (const state of [STATE.own, STATE.work, STATE.wait]) {
            if (!shapes[state].length) continue;
            const d = shapes[state].map(({ left, right }) =>
              `M${left.toFixed(2)} ${top}H${right.toFixed(2)}v${height}H${left.toFixed(2)}z`).join("");
            const isSpan = !run.has(row, FLAG.transaction) && state === STATE.work;
            parts.push(makeSVG("path", { class: isSpan ? `wl-hue${run.hue[row]}` : STATE_CLASS[state], d }));
          }
          if (run.has(row, FLAG.failed)) {
            const x = window.x(run.start[row] + run.duration[row], width);
            if (x >= -6 && x <= width + 6) {
              const at = clamp(x, 4, width - 4);
              parts.push(makeSVG("path", { class: "cross", d: `M${at - 3.5} 7.5l7 7m0-7l-7 7` }));
            }
          }
          svg.replaceChildren(...parts);
        }

        """#

    /// The run as a whole above the rows, in which a stretch of time is chosen.
    static let overview = #"""
        // Overview: how many run and wait over the whole run, and which stretch is looked at ----------------------------

        class Overview {
          constructor(place, run, window, changed) {
            Object.assign(this, { place, run, window, changed });
            this.canvas = place.querySelector("canvas");
            this.measure(400);
            this.tellPeaks();
            this.listen();
          }

          // The most that run and that wait at once, each with its colour.
          tellPeaks() {
            const lines = [["wl-stripe", "waiting", 0], ["wl-work", "running", 1]].map(([className, word, index]) => {
              const most = Math.round(Math.max(...this.counts[index]));
              const line = make("div");
              line.hidden = most === 0;
              const svg = makeSVG("svg", { width: 10, height: 10, "aria-hidden": "true" });
              svg.append(makeSVG("rect", { class: className, width: 10, height: 10 }));
              line.append(svg, `${word}, max ${countText(most)}`);
              return line;
            });
            this.place.querySelector(".peaks").replaceChildren(...lines);
          }

          // For each pixel how many tasks run and how many wait, on average.
          measure(width) {
            if (this.measured === width) return;
            this.measured = width;
            this.counts = [0, 1].map(() => new Float64Array(width));
            const { run } = this;
            const rows = run.tasks.row.filter((row) => run.isTask(row));
            for (const row of rows) {
              run.eachState(row, (state, start, end) => {
                const counts = this.counts[state === STATE.wait ? 0 : 1];
                const [left, right] = [start, end].map((time) => clamp(time / this.window.whole, 0, 1) * width);
                const first = Math.min(Math.floor(left), width - 1);
                const last = Math.min(Math.floor(right), width - 1);
                if (first === last) {
                  counts[first] += right - left;
                  return;
                }
                counts[first] += first + 1 - left;
                for (let column = first + 1; column < last; column += 1) counts[column] += 1;
                counts[last] += right - last;
              });
            }
            this.peak = 1;
            for (let column = 0; column < width; column += 1) {
              this.peak = Math.max(this.peak, this.counts[0][column] + this.counts[1][column]);
            }
          }

          draw() {
            const { canvas, window } = this;
            const [width, height] = [canvas.clientWidth, canvas.clientHeight];
            if (width < 1 || height < 1) return;
            const density = globalThis.devicePixelRatio || 1;
            if (canvas.width !== Math.round(width * density)) canvas.width = Math.round(width * density);
            if (canvas.height !== Math.round(height * density)) canvas.height = Math.round(height * density);
            this.measure(width);
            const context = canvas.getContext("2d");
            const style = getComputedStyle(canvas);
            const color = (name) => style.getPropertyValue(name).trim();
            const ink = (id) => getComputedStyle(document.getElementById(id)).fill;
            const [work, wait] = [ink("ink-work"), ink("ink-wait")];
            context.setTransform(density, 0, 0, density, 0, 0);
            context.clearRect(0, 0, width, height);
            const scale = (height - 2) / this.peak;
            for (let column = 0; column < width; column += 1) {
              const [waiting, running] = this.counts.map((counts) => counts[column] * scale);
              context.fillStyle = work;
              context.fillRect(column, height - running, 1, running);
              context.fillStyle = wait;
              context.fillRect(column, height - running - waiting, 1, waiting);
            }
            if (window.isWhole && !this.brush) return;
            const [from, to] = this.brush || [window.start / window.whole * width, window.end / window.whole * width];
            context.fillStyle = color("--veil");
            context.fillRect(0, 0, from, height);
            context.fillRect(to, 0, width - to, height);
            context.fillStyle = color("--accent");
            context.fillRect(from - 1, 0, 2, height);
            context.fillRect(to - 1, 0, 2, height);
          }

          // What is at a place: a sentence.
          tell(x) {
            const column = clamp(Math.floor(x), 0, this.measured - 1);
            const [waiting, running] = this.counts.map((counts) => Math.round(counts[column]));
            const time = durationText(x / this.measured * this.window.whole, durationForm(this.window.whole));
            return `at ${time}: running ${countText(running)}, waiting ${countText(waiting)}`;
          }

          // A drag chooses a stretch, or moves the one that is chosen; a double click shows all again.
          listen() {
            const { canvas, window } = this;
            let drag = null;
            const x = (event) => clamp(event.clientX - canvas.getBoundingClientRect().left, 0, canvas.clientWidth);
            canvas.addEventListener("pointerdown", (event) => {
              if (event.button !== 0) return;
              canvas.setPointerCapture(event.pointerId);
              const time = x(event) / canvas.clientWidth * window.whole;
              const isInside = !window.isWhole && time > window.start && time < window.end;
              drag = { x: x(event), start: window.start, isInside };
            });
            canvas.addEventListener("pointermove", (event) => {
              canvas.title = this.tell(x(event));
              if (!drag) return;
              const moved = x(event) - drag.x;
              if (drag.isInside) {
                const start = drag.start + moved / canvas.clientWidth * window.whole;
                window.show(start, start + window.length);
                this.changed();
              } else if (Math.abs(moved) > 2) {
                this.brush = [Math.min(drag.x, x(event)), Math.max(drag.x, x(event))];
                this.draw();
              }
            });
            const finish = () => {
              if (this.brush) {
                const [start, end] = this.brush.map((at) => at / canvas.clientWidth * window.whole);
                window.show(start, end);
                this.brush = null;
              }
              drag = null;
              this.changed();
            };
            canvas.addEventListener("pointerup", finish);
            canvas.addEventListener("pointercancel", finish);
            canvas.addEventListener("dblclick", () => {
              window.reset();
              this.changed();
            });
          }
        }

        """#

    /// All rows beside those in sight.
    static let strip = #"""
        // Strip: all rows squeezed into the height of those in sight, to see the run's shape and to get around in it ----------

        class Strip {
          constructor(canvas, viewer) {
            Object.assign(this, { canvas, viewer });
            const scroll = (event) => {
              const { rows, grid } = viewer;
              const share = (event.clientY - canvas.getBoundingClientRect().top) / canvas.clientHeight;
              grid.scrollTop = share * rows.rows.length * rows.rowHeight - grid.clientHeight / 2;
            };
            canvas.addEventListener("pointerdown", (event) => {
              canvas.setPointerCapture(event.pointerId);
              scroll(event);
            });
            canvas.addEventListener("pointermove", (event) => {
              if (event.buttons & 1) scroll(event);
            });
          }

          draw() {
            const { canvas, viewer } = this;
            const { rows, grid, run, window } = viewer;
            const all = rows.rows.length * rows.rowHeight;
            const isNeeded = all > grid.clientHeight;
            if (canvas.hidden === isNeeded) {
              // The rows have another width now.
              canvas.hidden = !isNeeded;
              viewer.draw();
            }
            if (!isNeeded) return;
            const [width, height] = [canvas.clientWidth, grid.clientHeight];
            const density = globalThis.devicePixelRatio || 1;
            canvas.width = width * density;
            canvas.height = height * density;
            const context = canvas.getContext("2d");
            context.setTransform(density, 0, 0, density, 0, 0);
            const ink = (id) => getComputedStyle(document.getElementById(id)).fill;
            const inks = [ink("ink-wait"), ink("ink-work"), ink("ink-work")];
            const count = rows.rows.length;
            const line = Math.max(1, height / count);
            // As many rows as there are lines; of more, some stand for the others.
            for (let y = 0; y < height; y += line) {
              const row = rows.rows[Math.floor(y / height * count)];
              run.eachState(row, (state, start, end) => {
                const left = clamp(window.x(start, width), 0, width);
                const right = clamp(window.x(end, width), 0, width);
                if (right <= 0 || left >= width) return;
                context.fillStyle = inks[state];
                context.fillRect(left, y, Math.max(right - left, 0.5), line);
              });
            }
            const top = grid.scrollTop / all * height;
            const tall = Math.max(grid.clientHeight / all * height, 4);
            context.strokeStyle = getComputedStyle(canvas).getPropertyValue("--text");
            context.lineWidth = 2;
            context.strokeRect(1, Math.max(1, top), width - 2, Math.min(tall, height - 2));
          }
        }

        """#
}
