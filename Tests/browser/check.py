"""Looks at exported pages in a real browser. See `.ci/browser`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from chromium import Chromium, Gone
from exports import HOSTILE, SAMPLES, export, hostile_recording
from page import Page


class Check:
    """One run of all checks. A finding is something that does not hold; one is enough to fail."""

    def __init__(self, binary, folder, pictures):
        self.binary, self.folder, self.pictures = binary, folder, pictures
        self.browser = Chromium()
        self.findings = self.held = 0

    def expect(self, found, wanted, what):
        if found == wanted:
            self.held += 1
            return
        self.findings += 1
        print(f"FINDING {what}: {str(found)[:400]!r}, not {str(wanted)[:400]!r}", flush=True)

    def export(self, name, *arguments):
        return export(self.binary, self.folder / f"{name}.html", *arguments)

    def open(self, path, name, **how):
        """A page that is drawn, its picture kept where that was asked for."""
        page = Page(self.browser, path, **how)
        if how.get("scripts", True):
            page.settle()
        if self.pictures:
            page.screenshot(self.pictures / f"{name}.png")
        return page

    def leave(self, page, name):
        """Whatever was done with it, it complained of nothing and asked for nothing but itself."""
        self.expect(page.complaints(), [], f"{name}: complaints")
        self.expect(page.requests(), [page.url], f"{name}: requests")
        page.close()


# What the pages say of themselves. Rows are those of the first picture.
ROWS = "Number(document.querySelector('.grid').getAttribute('aria-rowcount')) - 1"
SELECTED = "document.querySelector('.row[aria-selected=true] .label')?.textContent"
LABELS = "[...document.querySelectorAll('.row')].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)" \
         ".map((row) => row.querySelector('.label').textContent)"
RANGE = "document.querySelector('.range').textContent"
BAR = "document.querySelector('.row[aria-selected=true] .bar path.wl-work').getBoundingClientRect().width"


def three_tasks(check):
    """Everything by keyboard alone."""
    path = check.export("before-3", SAMPLES / "before-3users.ndjson")
    page = check.open(path, "light")
    check.expect(page.evaluate("document.title"), "billing run · waitline", "title")
    check.expect(page.evaluate(ROWS), 19, "rows")
    check.expect(page.evaluate("document.querySelector('.lead').textContent"),
                 "1 of 3 tasks waited for one of 2 slots; the recorded durations are 21.4 % waiting.", "diagnosis")
    for _ in range(40):
        page.key("Tab")
        if page.evaluate("document.activeElement.matches('.grid')"):
            break
    check.expect(page.evaluate("document.activeElement.getAttribute('role')"), "treegrid", "Tab leads to the rows")
    check.expect(page.evaluate("getComputedStyle(document.querySelector('.viewer')).outlineStyle"), "solid",
                 "the focus is seen")
    page.key("ArrowDown")
    check.expect(page.evaluate(SELECTED), "user-0001", "arrow down")
    check.expect(page.evaluate("document.getElementById(document.activeElement.getAttribute("
                               "'aria-activedescendant')).querySelector('.label').textContent"),
                 "user-0001", "active descendant")
    page.key("Enter")
    check.expect(page.evaluate(ROWS), 14, "Enter folds")
    check.expect(page.evaluate("document.querySelector('.row[aria-selected=true]').ariaExpanded"), "false", "expanded")
    page.key("ArrowRight")
    page.key("ArrowRight")
    check.expect(page.evaluate(SELECTED), "get_clusters_used", "arrow right unfolds, then goes into it")
    page.key("ArrowLeft", 2)
    check.expect(page.evaluate(SELECTED), "user-0001", "arrow left folds, then goes out of it")
    page.key("End")
    page.key("Home")
    check.expect(page.evaluate(SELECTED), "billing run", "Home")
    whole = page.evaluate(BAR)
    page.key("+")
    check.expect(round(page.evaluate(BAR) / whole), 1, "a bar is cut at the edges of the window")
    check.expect(page.evaluate(RANGE), "0.31s – 0.93s", "plus zooms in")
    page.key("]")
    check.expect(page.evaluate(RANGE), "0.47s – 1.09s", "bracket moves")
    page.key("0")
    check.expect(page.evaluate(RANGE), "whole run, 1.24s", "zero shows all")
    page.key("/")
    check.expect(page.evaluate("document.activeElement.type"), "search", "slash searches")
    page.type("select")
    check.expect(page.until("document.querySelector('.matches').textContent", "1 of 3"), "1 of 3", "matches")
    page.key("Enter")
    check.expect(page.evaluate(SELECTED), "SELECT FROM clusters", "Enter goes to the next match")
    check.expect(page.evaluate("document.querySelector('.matches').textContent"), "2 of 3", "which match it is")
    page.key("Escape")
    check.expect(page.evaluate("document.activeElement.getAttribute('role')"), "treegrid", "Escape leads back")
    page.key("w")
    check.expect(page.evaluate(SELECTED), "user-0003", "w goes to the next that waited")
    details = page.evaluate("document.querySelector('.details').innerText")
    check.expect("0.56s (inferred)" in details.replace("564ms", "0.56s"), True, f"details: {details}")
    page.key("b")
    check.expect(page.evaluate(SELECTED), "user-0002", "b goes to the task that released it")
    page.key("s", 2)
    check.expect(page.evaluate("document.querySelector('[data-sort=wait]').ariaSort"), "descending", "s sorts")
    check.expect(page.evaluate(LABELS)[1], "user-0003", "who waited most is first")
    page.key("?")
    check.expect(page.evaluate("document.querySelector('dialog').open"), True, "question mark shows the keys")
    check.expect(page.evaluate("document.querySelectorAll('dialog dt').length > 20"), True, "keys")
    page.key("Escape")
    check.expect(page.evaluate("document.querySelector('dialog').open"), False, "Escape closes them")
    check.leave(page, "three tasks")

    page = check.open(path, "dark", dark=True)
    check.expect(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"), "rgb(20, 23, 26)", "dark")
    check.leave(page, "dark")
    page = check.open(path, "narrow", width=400)
    check.expect(page.evaluate("document.documentElement.scrollWidth"), 400, "narrow: nothing goes beyond the edge")
    check.leave(page, "narrow")


def without_scripts(check):
    path = check.export("still", SAMPLES / "before-3users.ndjson")
    page = check.open(path, "still", scripts=False)
    check.expect(page.evaluate("document.querySelectorAll('.viewer').length"), 0, "without scripts: no viewer")
    box = page.box(".picture svg")
    check.expect(box["width"] > 600 and box["height"] > 200, True, f"without scripts: the picture is seen, {box}")
    text = page.evaluate("document.body.innerText")
    for word in ["user-0003", "1 of 3 tasks waited", "slowdown"]:
        check.expect(word in text, True, f"without scripts: {word}")
    rows = page.evaluate("document.querySelectorAll('table.users tbody tr').length")
    check.expect(rows, 3, "without scripts: users")
    fill = page.evaluate("getComputedStyle(document.querySelector('.picture .wl-work')).fill")
    check.expect(fill, "rgb(0, 113, 184)", "without scripts: the picture has its colours")
    check.leave(page, "without scripts")


def thousand_tasks(check):
    """By mouse."""
    path = check.export("before-1000", SAMPLES / "before-1000users.ndjson.gz")
    page = check.open(path, "thousand")
    check.expect(page.evaluate(ROWS), 1001, "thousand: rows")
    check.expect(page.evaluate("document.querySelectorAll('.row').length < 80"), True, "only rows in sight are made")
    check.expect(page.evaluate("document.querySelectorAll('table.users tbody tr').length"), 1000, "thousand: users")
    # The program and the page without it say the same.
    table = dict(page.evaluate("[...document.querySelectorAll('table.users tbody tr')].map((row) => "
                               "[row.cells[0].textContent, [1, 2, 3].map((cell) => row.cells[cell].textContent)])"))
    shown = page.evaluate("[...document.querySelectorAll('.row.task')].map((row) => [row.querySelector('.label')"
                          ".textContent, [...row.querySelectorAll('.number')].map((cell) => cell.textContent)])")
    check.expect(len(shown) > 20, True, f"tasks in sight: {len(shown)}")
    for user, numbers in shown:
        check.expect(numbers, table[user], f"total, wait and work of {user}")
    page.click(".row[aria-rowindex='3'] .twist")
    check.expect(page.evaluate(ROWS), 1006, "a click on the sign unfolds")
    axis = page.box(".axis")
    page.wheel(axis["x"], axis["y"], -400)
    zoomed = page.until(f"{RANGE}.startsWith('whole')", False)
    check.expect(zoomed, False, "the wheel zooms over the axis")
    start, end = [float(text.rstrip("s")) for text in page.evaluate(RANGE).split(" – ")]
    check.expect(abs(end - start - 4.59 / 4) < 0.02 and abs(start + end - 4.59) < 0.02, True,
                 f"where the pointer is stays where it is: {start} to {end}")
    bar = page.box(".row[aria-rowindex='4'] .bar")
    page.mouse("mouseMoved", bar["x"], bar["y"])
    page.settle()
    check.expect(page.evaluate("document.getElementById('tip').hidden"), False, "a tooltip")
    page.click(".zoom-whole")
    check.expect(page.evaluate(RANGE), "whole run, 4.59s", "the button shows all")
    canvas = page.box(".overview canvas")
    left, middle = canvas["left"], canvas["y"]
    page.mouse("mousePressed", left + canvas["width"] * 0.25, middle, button="left", clickCount=1)
    for share in [0.3, 0.4, 0.5]:
        page.mouse("mouseMoved", left + canvas["width"] * share, middle, button="left", buttons=1)
    page.mouse("mouseReleased", left + canvas["width"] * 0.5, middle, button="left", clickCount=1)
    page.settle()
    check.expect(page.evaluate(RANGE), "1.15s – 2.29s", "a drag over the overview chooses a stretch")
    grid = page.box(".grid")
    for _ in range(3):
        page.wheel(grid["x"], grid["y"], 9000)
    last = page.until(f"{LABELS}.at(-1)", "user-1000")
    check.expect(last, "user-1000", "the wheel scrolls to the last row")
    page.click("[data-sort=wait] button")
    page.evaluate("document.querySelector('.grid').scrollTop = 0")
    page.settle()
    check.expect("user-1000" in page.evaluate(LABELS)[:8], True, f"sorted by wait: {page.evaluate(LABELS)[:8]}")
    page.click("input[type=search]")
    page.type("user-0777")
    check.expect(page.until("document.querySelector('.matches').textContent", "1 of 1"), "1 of 1", "search")
    check.expect(page.evaluate(SELECTED), "user-0777", "the match is selected")
    page.click(".only-found")
    check.expect(page.evaluate(ROWS), 2, "matches only, and what they hang under")
    # Reading the table: the other way round, and from a user to its row.
    page.evaluate("document.querySelector('table.users thead').scrollIntoView()")
    page.click("table.users th:nth-child(3) button", 1)
    page.click("table.users th:nth-child(3) button", 1)
    waits = page.evaluate("[...document.querySelectorAll('table.users tbody tr')]"
                          ".map((row) => Number(row.cells[2].dataset.value))")
    check.expect(waits, sorted(waits), "the table is sorted by wait, the least first")
    user = page.evaluate("document.querySelector('table.users tbody button').textContent")
    page.click("table.users tbody button")
    check.expect(page.evaluate(SELECTED), user, "a click on a user leads to the task")
    check.leave(page, "thousand")


def keys_are_quick(check):
    """Keys are answered within a frame or two, also where there are 50 000 rows."""
    path = check.folder / "before-1000.html"
    page = check.open(path, "quick")
    page.evaluate("document.querySelector('.fold-all').click(); document.querySelector('.grid').focus()")
    check.expect(page.evaluate(ROWS), 6001, "everything is unfolded")
    began = time.monotonic()
    page.key("ArrowDown", 30)
    took = time.monotonic() - began
    check.expect(took < 15, True, f"30 keys took {took:.1f} s")
    check.leave(page, "quick")


def hostile(check):
    recording = hostile_recording(check.folder / "hostile.ndjson")
    path = check.export("hostile", recording)
    both = check.export("hostile-both", recording, recording)
    for name, path in [("hostile", path), ("hostile comparison", both)]:
        page = check.open(path, name)
        check.expect(page.evaluate("document.title") == "taken", False, f"{name}: title")
        check.expect(page.evaluate("document.querySelectorAll('img, iframe, object, embed, link, a, base').length"), 0,
                     f"{name}: elements from texts")
        scripts = page.evaluate("document.querySelectorAll('script:not([type])').length")
        check.expect(scripts, 1, f"{name}: scripts")
        check.expect(page.evaluate("document.querySelectorAll('style').length"), 1, f"{name}: styles")
        text = page.evaluate("document.body.textContent")
        hidden = [hex(ord(c)) for c in text if ord(c) < 32 and c != "\n" or ord(c) in
                  [0x7f, 0x85, 0x202e, 0x2066, 0x2028, 0x2029, 0xfeff]]
        check.expect(hidden, [], f"{name}: hidden characters")
        page.evaluate("document.querySelector('.grid').focus()")
        # Over every row, so that all details are made; and over some of them with the mouse, for tooltips.
        page.key("*")
        for _ in range(2 * len(HOSTILE) + 1):
            page.key("ArrowDown")
        page.key("Home")
        for text in HOSTILE[:2] + HOSTILE[7:9] + HOSTILE[11:]:
            page.evaluate("(() => { const box = document.querySelector('input[type=search]'); box.focus(); })()")
            page.send("Input.insertText", {"text": text[:5] if ord(text[0]) > 127 else text[:60]})
            page.settle()
            found = page.evaluate("document.querySelector('.matches').textContent")
            check.expect(found not in ["", "no match"], True, f"{name}: search for {text[:40]!r}: {found}")
            page.key("Escape")
        page.key("e")
        check.expect(page.evaluate("document.querySelectorAll('.row.failed').length > 0"), True, f"{name}: failed rows")
        check.expect(page.evaluate("document.title") == "taken", False, f"{name}: title in the end")
        check.leave(page, name)
        still = check.open(path, name + " still", scripts=False)
        check.expect(still.evaluate("document.title") == "taken", False, f"{name}: title without scripts")
        check.leave(still, name + ", without scripts")


def comparison(check):
    path = check.export("compare", SAMPLES / "before-1000users.ndjson.gz", SAMPLES / "after-1000users.ndjson.gz")
    page = check.open(path, "comparison")
    lead = page.evaluate("document.querySelector('.lead').textContent")
    check.expect("the measurement changed, the speed did not" in lead, True, f"verdict: {lead}")
    check.expect(page.evaluate("document.querySelectorAll('.viewer').length"), 2, "a viewer for each side")
    check.expect(page.evaluate("document.querySelectorAll('.chart rect').length > 40"), True, "distributions")
    rows = page.evaluate("[...document.querySelector('table').tBodies[0].rows].map((row) => row.cells[0].textContent)")
    check.expect(rows, ["duration", "total", "wait", "work", "delay", "turnaround", "makespan"], "quantities")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    check.expect(len(ids), len(set(ids)), "every id once")
    check.leave(page, "comparison")


def the_check_itself(check):
    """A page that does what none of ours may is found out."""
    path = check.folder / "bad.html"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    path.write_text(f"<!DOCTYPE html><html>{policy}<body style='color:red'><img src='https://127.0.0.1:9/x.png'>"
                    "<script>document.title = 'ran'</script>")
    page = check.open(path, "bad")
    complaints = " ".join(page.complaints())
    check.expect("style" in complaints and "script" in complaints and "img" in complaints, True,
                 f"violations are seen: {complaints}")
    page.close()
    path.write_text("<!DOCTYPE html><html><body><img src='https://127.0.0.1:9/x.png'><script>nobody()</script>")
    page = check.open(path, "bad")
    check.expect("nobody is not defined" in " ".join(page.complaints()), True, "exceptions are seen")
    check.expect("https://127.0.0.1:9/x.png" in page.requests(), True, "requests are seen")
    page.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", help="the waitline whose pages are looked at")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="waitline-pages-") as folder:
        check = Check(str(Path(options.binary).resolve()), Path(folder), options.pictures)
        try:
            for part in [the_check_itself, three_tasks, without_scripts, thousand_tasks, keys_are_quick, comparison, hostile]:
                began = time.monotonic()
                part(check)
                print(f"{time.monotonic() - began:6.1f} s  {part.__name__.replace('_', ' ')}", flush=True)
        finally:
            check.browser.close()
    print(f"{check.held} held, {check.findings} findings")
    return 1 if check.findings or not check.held else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Gone as gone:
        sys.exit(f"browser: {gone}")
