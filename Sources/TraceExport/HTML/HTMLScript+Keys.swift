extension HTMLScript {
    /// What can be done by keyboard. The help is made of the same list.
    static let keys = #"""
        // Keys: what they do, and how that is said ---------------------------------------------------------------------

        const KEYS = [
          [["ArrowDown", "j"], "↓ j", "next row", (viewer) => viewer.move(1)],
          [["ArrowUp", "k"], "↑ k", "row before", (viewer) => viewer.move(-1)],
          [["PageDown"], "PgDn", "a page down", (viewer) => viewer.move(viewer.rows.pageSize)],
          [["PageUp"], "PgUp", "a page up", (viewer) => viewer.move(-viewer.rows.pageSize)],
          [["Home", "g"], "Home g", "first row", (viewer) => viewer.move(-Infinity)],
          [["End", "G"], "End G", "last row", (viewer) => viewer.move(Infinity)],
          [["ArrowRight", "l"], "→ l", "unfold, then into it", (viewer) => viewer.into()],
          [["ArrowLeft", "h"], "← h", "fold, then out of it", (viewer) => viewer.out()],
          [["Enter", " "], "Enter", "fold or unfold", (viewer) => viewer.toggle()],
          [["*"], "*", "unfold everything, or fold all tasks", (viewer) => viewer.toggleAll()],
          [["+", "="], "+", "zoom in", (viewer) => viewer.zoom(2)],
          [["-", "_"], "-", "zoom out", (viewer) => viewer.zoom(0.5)],
          [["0"], "0", "the whole run", (viewer) => viewer.zoomOut()],
          [["f"], "f", "fit to this row", (viewer) => viewer.fit()],
          [["["], "[", "earlier", (viewer) => viewer.pan(-0.25)],
          [["]"], "]", "later", (viewer) => viewer.pan(0.25)],
          [["/"], "/", "search", (viewer) => viewer.focusSearch()],
          [["n"], "n", "next match", (viewer) => viewer.nextMatch(1)],
          [["N"], "N", "match before", (viewer) => viewer.nextMatch(-1)],
          [["e"], "e", "next failed", (viewer) => viewer.next((run, row) => run.has(row, FLAG.failed), 1)],
          [["E"], "E", "failed before", (viewer) => viewer.next((run, row) => run.has(row, FLAG.failed), -1)],
          [["w"], "w", "next that waited", (viewer) => viewer.next((run, row) => run.wait(row) > 0, 1)],
          [["W"], "W", "waited before", (viewer) => viewer.next((run, row) => run.wait(row) > 0, -1)],
          [["b"], "b", "the task that released this one", (viewer) => viewer.goToReleaser()],
          [["s"], "s", "sort by start, total, wait, work", (viewer) => viewer.sortByNext()],
          [["y"], "y", "copy the id", (viewer) => viewer.copyID()],
          [["?"], "?", "these keys", (viewer) => viewer.help()],
        ];

        // Answers a key, where it is one of these and no command of the browser.
        function answerKey(viewer, event) {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const entry = KEYS.find(([keys]) => keys.includes(event.key));
          if (!entry) return;
          event.preventDefault();
          entry[3](viewer);
        }

        // Shows the keys. The browser gives the focus back when it is closed.
        function showKeys(dialog) {
          const list = dialog.querySelector("dl");
          if (!list.children.length) {
            for (const [, sign, words] of KEYS) {
              const entry = make("div");
              entry.append(make("dt", "", sign), make("dd", "", words));
              list.append(entry);
            }
            dialog.querySelector("button").addEventListener("click", () => dialog.close());
          }
          dialog.showModal();
        }

        """#
}
