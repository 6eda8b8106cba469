/// Parts of pages that stand in all of them.
enum HTMLFrame {
    /// What the viewers of a page are made of: their controls, the keys, the texture of waiting and the tooltip. None of
    /// it is seen without the program.
    static let viewer: StaticString = """
        <template id="viewer">
        <div class="viewer">
        <div class="tools" role="toolbar" aria-label="Search and zoom">
        <input type="search" name="search" placeholder="Search ( / )" aria-label="Search names, users, types, services and ids" \
        autocomplete="off" spellcheck="false">
        <span class="group"><button type="button" class="match-before" aria-label="Match before">↑</button>\
        <button type="button" class="next-match" aria-label="Next match">↓</button></span>
        <output class="matches" aria-live="polite"></output>
        <label><input type="checkbox" name="only-found" class="only-found">matches only</label>
        <label><input type="checkbox" name="only-failed" class="only-failed">failed only</label>
        <span class="space-between"></span>
        <span class="range"></span>
        <span class="group"><button type="button" class="zoom-out" aria-label="Zoom out">−</button>\
        <button type="button" class="zoom-whole" aria-label="Zoom to the whole run">0</button>\
        <button type="button" class="zoom-in" aria-label="Zoom in">+</button></span>
        <button type="button" class="fold-all">fold all</button>
        <button type="button" class="show-keys" aria-haspopup="dialog">keys ?</button>
        </div>
        <p class="legend">
        <span><svg width="22" height="12" aria-hidden="true"><rect class="wl-work" width="22" height="12"/></svg>work</span>
        <span><svg width="22" height="12" aria-hidden="true"><rect class="wl-own" width="22" height="12"/></svg>\
        self (own code)</span>
        <span class="of-wait"><svg width="22" height="12" aria-hidden="true"><rect class="wait" width="22" height="12"/></svg>wait</span>
        <span class="of-delay"><svg width="22" height="12" aria-hidden="true"><path class="delay" d="M1 6h20"/></svg>\
        delay: before the task was opened</span>
        <span class="of-failed"><svg width="10" height="12" aria-hidden="true"><path class="cross" d="M1.5 2.5l7 7m0-7l-7 7"/>\
        </svg>failed</span>
        <span class="of-chain"><b class="chain">*</b>critical chain</span>
        </p>
        <div class="overview">
        <div class="peaks"></div>
        <canvas role="img" aria-label="How many tasks run and wait over time. Drag to choose a stretch of time."></canvas>
        </div>
        <div class="rows">
        <div class="grid" role="treegrid" tabindex="0" aria-label="Waterfall" aria-readonly="true">
        <div class="head" role="row">
        <div role="columnheader" data-sort="start" aria-sort="ascending"><button type="button">task or span</button></div>
        <div role="columnheader" class="axis" aria-label="time"></div>
        <div role="columnheader" class="number total" data-sort="total" aria-sort="none"><button type="button">total\
        </button></div>
        <div role="columnheader" class="number wait-time" data-sort="wait" aria-sort="none"><button type="button">wait\
        </button></div>
        <div role="columnheader" class="number work-time" data-sort="work" aria-sort="none"><button type="button">work\
        </button></div>
        </div>
        <div class="space" role="rowgroup"></div>
        </div>
        <canvas class="strip" aria-hidden="true" hidden></canvas>
        </div>
        <section class="details" aria-label="Selected row"></section>
        <output class="message" aria-live="polite"></output>
        </div>
        </template>
        <dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys in the waterfall</h2><dl></dl>
        <button type="button" autofocus>Close</button></dialog>
        <div id="tip" class="tip" role="tooltip" hidden></div>
        <svg width="0" height="0" aria-hidden="true" focusable="false"><defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="wl-ground" width="6" height="6"/><rect class="wl-stripe" width="2.5" height="6"/></pattern>
        <path class="wl-work" id="ink-work"/><path class="wl-stripe" id="ink-wait"/></defs></svg>

        """

    /// Facts in a line: words and what they say, the latter emphasized.
    static func facts(_ facts: [(word: String, value: String)], to html: inout HTMLWriter) {
        html.element("ul", ["class": "facts"]) { html in
            for (word, value) in facts {
                html.element("li") { html in
                    guard !word.isEmpty else { return html.text(value) }
                    html.text(word + " ")
                    html.element("b", ["class": "text"], text: value)
                }
            }
        }
    }

    /// Sentences below one another; nothing where there is none.
    static func notes(_ sentences: [String], to html: inout HTMLWriter) {
        guard !sentences.isEmpty else { return }
        html.element("ul", ["class": "notes"]) { html in
            for sentence in sentences { html.element("li", text: sentence) }
        }
    }

    /// What made the page, and that it is complete in itself.
    static func footer(to html: inout HTMLWriter) {
        html.element("footer") { html in
            html.text(
                "Made by waitline export --format html. Everything shown is in this file; nothing is fetched or sent.")
        }
    }
}
