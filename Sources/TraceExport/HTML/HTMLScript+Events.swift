extension HTMLScript {
    /// What the pointer and the buttons do.
    static let pointer = #"""
        // Buttons, pointer and wheel --------------------------------------------------------------------------------------

        function listen(viewer, find) {
          const { grid, search } = viewer;
          grid.addEventListener("keydown", (event) => {
            if (event.target === grid) answerKey(viewer, event);
          });
          grid.addEventListener("scroll", viewer.draw, { passive: true });
          new ResizeObserver(viewer.draw).observe(grid);
          matchMedia("(prefers-color-scheme: dark)").addEventListener("change", viewer.draw);

          const buttons = {
            "zoom-in": () => viewer.zoom(2), "zoom-out": () => viewer.zoom(0.5), "zoom-whole": () => viewer.zoomOut(),
            "fold-all": () => viewer.toggleAll(), "next-match": () => viewer.nextMatch(1),
            "match-before": () => viewer.nextMatch(-1), "show-keys": () => viewer.help(),
          };
          for (const [name, act] of Object.entries(buttons)) find(`.${name}`).addEventListener("click", act);
          for (const header of grid.querySelectorAll("[data-sort]")) {
            header.querySelector("button").addEventListener("click", () => viewer.sortBy(header.dataset.sort));
          }
          search.addEventListener("input", oncePerFrame(() => viewer.find()));
          search.addEventListener("keydown", (event) => answerSearchKey(viewer, event));
          for (const box of [viewer.onlyFound, viewer.onlyFailed]) box.addEventListener("change", () => viewer.filter());
          listenToRows(viewer);
          listenToWheel(viewer);
        }

        function answerSearchKey(viewer, event) {
          if (event.isComposing) return;
          if (event.key === "Enter") viewer.nextMatch(event.shiftKey ? -1 : 1);
          else if (event.key === "ArrowDown") viewer.grid.focus();
          else if (event.key === "Escape") {
            viewer.search.value = "";
            viewer.find();
            viewer.grid.focus();
          } else return;
          event.preventDefault();
        }

        // A click selects, on the sign it folds; a double click zooms to the row; a drag moves what is seen.
        function listenToRows(viewer) {
          const { grid } = viewer;
          const rowOf = (event) => {
            const element = event.target.closest(".row");
            return element ? Number(element.dataset.row) : -1;
          };
          const isOnBar = (event) => event.target.closest(".bar") !== null;
          let drag = null;
          grid.addEventListener("click", (event) => {
            const row = rowOf(event);
            if (row < 0) return;
            viewer.select(row, false);
            if (event.target.closest(".twist")) viewer.toggle(row);
          });
          grid.addEventListener("dblclick", (event) => {
            if (rowOf(event) < 0) return;
            if (isOnBar(event)) viewer.fit(rowOf(event));
            else if (!event.target.closest(".twist")) viewer.toggle(rowOf(event));
          });
          grid.addEventListener("pointerdown", (event) => {
            if (event.button === 0 && event.pointerType === "mouse" && isOnBar(event) && !viewer.window.isWhole) {
              drag = { x: event.clientX, start: viewer.window.start };
            }
          });
          const tip = document.getElementById("tip");
          grid.addEventListener("pointermove", (event) => {
            const width = viewer.rows.axis.clientWidth;
            if (drag && event.buttons & 1) {
              const start = drag.start - (event.clientX - drag.x) / width * viewer.window.length;
              viewer.window.show(start, start + viewer.window.length);
              viewer.draw();
            } else {
              drag = null;
            }
            const row = rowOf(event);
            if (row < 0 || event.pointerType === "touch") return hideTip(tip);
            const left = viewer.rows.axis.getBoundingClientRect().left;
            const time = viewer.window.start + (event.clientX - left) / width * viewer.window.length;
            showTip(tip, tooltipOf(viewer.run, row, time), event);
          });
          grid.addEventListener("pointerleave", () => hideTip(tip));
          grid.addEventListener("keydown", () => hideTip(tip));
        }

        // Beside the pointer, and inside the page.
        function showTip(tip, lines, event) {
          tip.replaceChildren(...lines.map((line) => make("div", "", line)));
          tip.hidden = false;
          const { width, height } = tip.getBoundingClientRect();
          const page = document.documentElement;
          const left = event.clientX + 14 + width > page.clientWidth ? event.clientX - 14 - width : event.clientX + 14;
          const top = event.clientY + 18 + height > page.clientHeight ? event.clientY - 12 - height : event.clientY + 18;
          tip.style.left = `${Math.max(4, left)}px`;
          tip.style.top = `${Math.max(4, top)}px`;
        }

        function hideTip(tip) { tip.hidden = true; }

        // The wheel zooms over the axis and the overview, and with Ctrl over the rows; sideways it moves.
        function listenToWheel(viewer) {
          const { grid } = viewer;
          const { axis } = viewer.rows;
          const factor = (event) => 2 ** clamp(-event.deltaY / (event.deltaMode === 1 ? 6 : 200), -2, 2);
          const fraction = (event) => {
            const box = axis.getBoundingClientRect();
            return clamp((event.clientX - box.left) / box.width, 0, 1);
          };
          grid.addEventListener("wheel", (event) => {
            const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || (event.shiftKey && event.deltaY !== 0);
            if (event.ctrlKey || event.metaKey || event.target.closest(".head")) viewer.zoom(factor(event), fraction(event));
            else if (isSideways && !viewer.window.isWhole) viewer.pan((event.deltaX || event.deltaY) / Math.max(axis.clientWidth, 1));
            else return;
            event.preventDefault();
          }, { passive: false });
          viewer.overview.canvas.addEventListener("wheel", (event) => {
            const box = viewer.overview.canvas.getBoundingClientRect();
            const time = (event.clientX - box.left) / box.width * viewer.window.whole;
            viewer.zoom(factor(event), clamp((time - viewer.window.start) / viewer.window.length, 0, 1));
            event.preventDefault();
          }, { passive: false });
        }

        """#

    /// Tables that can be sorted, and users that lead to their tasks.
    static let tables = #"""
        // Tables ---------------------------------------------------------------------------------------------------------

        // A button in each heading: numbers largest first, then the other way round; what has none comes last.
        function makeSortable(table) {
          const body = table.tBodies[0];
          const headers = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
          headers.forEach((header, column) => {
            const button = make("button", "", header.textContent);
            button.type = "button";
            header.replaceChildren(button);
            button.addEventListener("click", () => {
              const isNumber = header.classList.contains("number");
              const before = header.getAttribute("aria-sort");
              const isAscending = before ? before === "descending" : !isNumber;
              for (const other of headers) other.removeAttribute("aria-sort");
              header.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
              const value = (row) => {
                const cell = row.cells[column];
                if (!isNumber) return cell.textContent;
                return cell.dataset.value === undefined ? null : Number(cell.dataset.value);
              };
              const direction = isAscending ? 1 : -1;
              const sorted = [...body.rows].map((row) => [value(row), row]).sort(([a], [b]) => {
                if (a === null || b === null) return (a === null) - (b === null);
                return direction * (a < b ? -1 : a > b ? 1 : 0);
              });
              body.append(...sorted.map(([, row]) => row));
            });
          });
        }

        // A click on a user leads to the first task of that user.
        function linkUsers(table, viewer) {
          const rows = new Map();
          for (const row of viewer.run.tasks.row) {
            if (viewer.run.isTask(row) && !rows.has(viewer.run.label(row))) rows.set(viewer.run.label(row), row);
          }
          for (const row of table.tBodies[0].rows) {
            const cell = row.cells[0];
            const place = rows.get(cell.textContent);
            if (place === undefined) continue;
            const button = make("button", "link", cell.textContent);
            button.type = "button";
            button.addEventListener("click", () => {
              viewer.go(place);
              viewer.grid.scrollIntoView({ block: "center" });
              viewer.grid.focus({ preventScroll: true });
            });
            cell.replaceChildren(button);
          }
        }

        """#
}
