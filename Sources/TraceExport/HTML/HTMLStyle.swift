/// How the page looks: on light and dark, wide and narrow, without motion, and on paper.
enum HTMLStyle {
    /// The whole of it. Nothing in it depends on the run.
    static let text = [colors, page, viewer, rows, tables, narrow, paper].joined(separator: "\n")

    /// Those of the terminal: blue and orange are told apart by colour-blind people, and in grey.
    private static let colors = #"""
        :root {
          color-scheme: light dark;
          --ground: #fbfbfa; --card: #ffffff; --text: #1c2126; --faint: #5f6871; --line: #dfe2e6; --soft: #f1f3f5;
          --accent: #0078c0; --selected: #e3f0fa; --found: #fff2b8; --veil: rgb(240 242 244 / 72%);
          --wait: #c77f00; --wait-text: #8f5a00; --failed: #c62a00;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #14171a; --card: #1b1f23; --text: #e4e7ea; --faint: #98a2ac; --line: #31373d; --soft: #23282d;
            --accent: #5cb3f0; --selected: #17354b; --found: #4d4210; --veil: rgb(20 23 26 / 72%);
            --wait: #e09c1f; --wait-text: #eaab3d; --failed: #ff7b55;
          }
        }
        """#

    private static let page = #"""
        * { box-sizing: border-box; }
        html { background: var(--ground); color: var(--text); }
        body { margin: 0 auto; max-width: 1480px; padding: 20px 24px 40px;
          font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
        h1 { font-size: 22px; line-height: 1.25; margin: 0 0 4px; font-weight: 650; overflow-wrap: anywhere; }
        h2 { font-size: 15px; margin: 32px 0 8px; font-weight: 650; }
        h3 { font-size: 14px; margin: 18px 0 6px; font-weight: 600; }
        p { margin: 6px 0; max-width: 78ch; }
        .facts { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; padding: 0; list-style: none; color: var(--faint);
          font-variant-numeric: tabular-nums; }
        .facts b { color: var(--text); font-weight: 600; overflow-wrap: anywhere; }
        .lead { font-size: 17px; line-height: 1.45; margin: 14px 0 18px; padding: 12px 16px; max-width: none;
          background: var(--card); border: 1px solid var(--line); border-inline-start: 4px solid var(--wait); border-radius: 6px; }
        .lead.calm { border-inline-start-color: var(--accent); }
        .notes { color: var(--faint); margin: 14px 0 0; padding: 0; list-style: none; }
        .notes li { margin: 3px 0; max-width: 90ch; }
        .failed-text { color: var(--failed); }
        .wait-text { color: var(--wait-text); }
        footer { margin-top: 36px; padding-top: 10px; border-top: 1px solid var(--line); color: var(--faint); font-size: 12.5px; }
        .text, .label, td, dd { unicode-bidi: isolate; }
        [hidden] { display: none !important; }
        .picture { margin: 0; overflow-x: auto; }
        .picture svg { display: block; max-width: 100%; height: auto; }
        .live .picture { display: none; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        button, input { font: inherit; color: inherit; }
        button { cursor: pointer; background: var(--card); border: 1px solid var(--line); border-radius: 5px; padding: 2px 10px; }
        button:hover { background: var(--soft); }
        button.link { border: 0; background: none; padding: 0; color: var(--accent); text-align: start; overflow-wrap: anywhere; }
        button.link:hover { text-decoration: underline; }
        dialog { border: 1px solid var(--line); border-radius: 8px; background: var(--card); color: var(--text); max-width: 640px; }
        dialog::backdrop { background: rgb(0 0 0 / 35%); }
        dialog h2 { margin-top: 4px; }
        dialog dl { columns: 2 240px; margin: 8px 0 14px; }
        dialog dl div { display: flex; gap: 12px; break-inside: avoid; padding: 1px 0; }
        dialog dt { font-family: var(--mono); min-width: 64px; color: var(--faint); }
        dialog dd { margin: 0; }
        """#

    private static let viewer = #"""
        .viewer { position: relative; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
        .tools { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; padding: 8px 12px;
          border-bottom: 1px solid var(--line); }
        .tools input[type=search] { width: 260px; max-width: 100%; padding: 3px 10px; border: 1px solid var(--line);
          border-radius: 5px; background: var(--ground); }
        .tools label { display: inline-flex; gap: 5px; align-items: center; color: var(--faint); }
        .tools .group { display: inline-flex; gap: 4px; align-items: center; }
        .tools .group button { min-width: 30px; padding: 2px 8px; }
        .tools .space-between { flex: 1; }
        .range, .matches { color: var(--faint); font-variant-numeric: tabular-nums; }
        .matches { min-width: 64px; }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; padding: 6px 12px; margin: 0; max-width: none;
          color: var(--faint); font-size: 12.5px; }
        .legend span { display: inline-flex; align-items: center; gap: 6px; }
        .legend svg { display: block; flex: none; }
        .hue-names { max-width: 32ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .overview { display: grid; grid-template-columns: var(--columns); column-gap: 8px; padding: 0 10px; height: 76px;
          border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); background: var(--ground); }
        .overview canvas { display: block; width: 100%; height: 75px; cursor: crosshair; touch-action: pan-y; }
        .peaks { margin: auto 0; color: var(--faint); font-size: 12.5px; font-variant-numeric: tabular-nums; }
        .peaks svg { margin-inline-end: 6px; }
        .message { position: absolute; inset-inline-end: 12px; bottom: 6px; color: var(--faint); font-size: 12.5px; pointer-events: none; }
        .details { border-top: 1px solid var(--line); padding: 10px 12px 26px; min-height: 92px; position: relative; }
        .details dl { display: flex; flex-wrap: wrap; gap: 4px 26px; margin: 0; font-size: 13px; }
        .details dl div { min-width: 0; max-width: 100%; }
        .details dt { color: var(--faint); font-size: 11.5px; line-height: 1.3; }
        .details dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .details .error { flex-basis: 100%; }
        .details .error dd { color: var(--failed); }
        .tip { position: fixed; z-index: 9; max-width: min(420px, 92vw); padding: 6px 10px; border-radius: 6px; pointer-events: none;
          background: var(--text); color: var(--ground); font-size: 12.5px; line-height: 1.4; white-space: pre-wrap;
          overflow-wrap: anywhere; font-variant-numeric: tabular-nums; box-shadow: 0 3px 14px rgb(0 0 0 / 25%); }
        .tip div:first-child { font-weight: 600; }
        .wait { fill: url(#hatch); stroke: var(--wait); stroke-width: 0.75; }
        .delay { stroke: var(--faint); stroke-width: 1.6; stroke-dasharray: 1.6 4.4; stroke-linecap: round; fill: none; }
        .guide { stroke: var(--line); stroke-width: 1; fill: none; shape-rendering: crispEdges; }
        .cross { stroke: var(--failed); stroke-width: 2.4; stroke-linecap: round; fill: none; }
        """#

    private static let rows = #"""
        .viewer { --columns: minmax(150px, 24%) minmax(0, 1fr) 64px 64px 64px; }
        .rows { display: flex; }
        .grid { flex: 1; min-width: 0; }
        .strip { flex: none; width: 56px; border-inline-start: 1px solid var(--line); background: var(--ground); cursor: pointer;
          touch-action: none; }
        .grid { --row: 22px; position: relative; overflow: auto;
          max-height: min(68vh, 760px); min-height: 120px; overscroll-behavior: contain; }
        .grid:focus-visible { outline-offset: -2px; }
        /* Rows lie over the grid's own outline. */
        @supports selector(:has(*)) {
          .grid:focus-visible { outline: none; }
          .viewer:has(.grid:focus-visible) { outline: 2px solid var(--accent); outline-offset: 1px; }
        }
        .head, .row { display: grid; grid-template-columns: var(--columns); column-gap: 8px; padding: 0 10px; align-items: center; }
        .head { position: sticky; top: 0; z-index: 2; height: 28px; background: var(--card); border-bottom: 1px solid var(--line);
          color: var(--faint); font-size: 12.5px; }
        .head button { border: 0; background: none; padding: 0; color: inherit; width: 100%; text-align: inherit; }
        .head .number { text-align: end; }
        .head [aria-sort=descending] button::after { content: " ↓"; }
        .head [aria-sort=ascending] button::after { content: " ↑"; }
        .axis { position: relative; height: 100%; min-width: 0; cursor: ew-resize; overflow: hidden; }
        .tick { position: absolute; bottom: 3px; padding-inline-start: 3px; border-inline-start: 1px solid var(--line);
          font-variant-numeric: tabular-nums; white-space: nowrap; }
        .space { position: relative; }
        .row { position: absolute; inset-inline: 0; top: 0; height: var(--row); font-size: 13px; cursor: default; }
        .row:hover { background: var(--soft); }
        .row.found { background: var(--found); }
        .row[aria-selected=true] { background: var(--selected); box-shadow: inset 3px 0 var(--accent); }
        .row.releaser { box-shadow: inset 3px 0 var(--wait); }
        .name { display: flex; gap: 4px; min-width: 0; align-items: baseline; white-space: nowrap; }
        .twist { flex: none; width: 14px; text-align: center; color: var(--faint); cursor: pointer; }
        .chain { color: var(--accent); font-weight: 700; }
        .label { overflow: hidden; text-overflow: ellipsis; }
        .signs { color: var(--faint); }
        .row:not(.task) .label { color: var(--faint); }
        .row.failed .label, .row.failed .signs { color: var(--failed); }
        .bar { min-width: 0; overflow: hidden; }
        .bar svg { display: block; }
        .row .number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .row:not(.task) .number { color: var(--faint); }
        .row .wait-time { color: var(--wait-text); } .row .number.none { color: var(--faint); }
        """#

    private static let tables = #"""
        .facts + .sheet { margin-top: 8px; }
        .sheet { overflow: auto; max-height: 70vh; width: fit-content; max-width: 100%; min-width: min(100%, 760px);
          border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
        table { border-collapse: separate; border-spacing: 0; width: 100%; font-variant-numeric: tabular-nums; }
        caption { text-align: start; padding: 8px 12px; color: var(--faint); }
        th, td { padding: 4px 12px; text-align: start; white-space: nowrap; border-bottom: 1px solid var(--line); }
        tbody tr:last-child > * { border-bottom: 0; }
        thead th { position: sticky; top: 0; background: var(--card); color: var(--faint); font-weight: 500; }
        tbody th { font-weight: 500; }
        tbody th { overflow-wrap: anywhere; white-space: normal; min-width: 12ch; max-width: 60ch; }
        th.number, td.number { text-align: end; }
        thead button { border: 0; background: none; padding: 0; color: inherit; font-weight: inherit; }
        [aria-sort=descending] > button::after { content: " ↓"; }
        [aria-sort=ascending] > button::after { content: " ↑"; }
        td.faint { color: var(--faint); }
        tr.real td, tr.real th { font-weight: 650; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 12px; margin-top: 12px; }
        .chart { margin: 0; padding: 10px 12px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        .chart figcaption { color: var(--faint); }
        .bars { display: flex; gap: 8px; align-items: end; color: var(--faint); margin-top: 6px; }
        .bars svg { display: block; flex: 1; min-width: 0; height: 64px; border-bottom: 1px solid var(--line); }
        .ends { display: flex; justify-content: space-between; color: var(--faint); font-size: 11.5px; }
        .bars.named + .ends { padding-inline-start: 18px; }
        .total-bar { fill: var(--faint); }
        """#

    private static let narrow = #"""
        @media (max-width: 900px) {
          .viewer { --columns: minmax(110px, 30%) minmax(0, 1fr) 60px 60px; }
          .work-time { display: none; }
        }
        @media (max-width: 640px) {
          body { padding: 12px 10px 28px; }
          .viewer { --columns: minmax(84px, 36%) minmax(0, 1fr) 54px; }
          .wait-time, .strip { display: none; }
          .head, .row { column-gap: 5px; padding: 0 6px; }
          .tools input[type=search] { width: 100%; }
          .tools .space-between { display: none; }
          th, td { padding: 4px 8px; }
          .lead { font-size: 15px; }
        }
        @media (pointer: coarse) { .tools button { min-height: 34px; } }
        @media (prefers-reduced-motion: no-preference) { button, .row { transition: background-color 90ms; } }
        @media (forced-colors: active) { .row[aria-selected=true] { outline: 2px solid; outline-offset: -2px; } }
        """#

    /// On paper stands what stands there without a program, and of long tables the beginning.
    private static let paper = #"""
        .paper { display: none; }
        @media print {
          body { max-width: none; padding: 0; font-size: 10pt; }
          .viewer, .tip, dialog { display: none !important; }
          .live .picture { display: block; }
          .sheet { max-height: none; overflow: visible; border: 0; }
          thead th { position: static; }
          .users tbody tr:nth-child(n+41) { display: none; }
          .paper { display: block; }
          .lead, .chart, .sheet tr { break-inside: avoid; }
        }

        """#
}
