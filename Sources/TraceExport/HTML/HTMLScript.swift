/// The program in the page: it makes the picture one that can be walked through. Without it the page says the same.
///
/// It is plain JavaScript without a library, in parts that are told apart by what they do; each part uses only those
/// before it. Text from a trace becomes text of the page and nothing else: no part writes markup.
enum HTMLScript {
    /// The whole of it. Nothing in it depends on the run, so that its hash can stand in the page's policy.
    static let text =
        "\"use strict\";\n(() => {\n"
        + [
            elements, durations, run, order, zoom, bars, details, legend, overview, strip, rows, keys, viewer, pointer,
            tables,
            start,
        ]
        .joined(separator: "\n") + "})();\n"

    /// Making elements, and the first of a kind.
    private static let elements = #"""
        // Elements -------------------------------------------------------------------------------------------------

        const SVG = "http://www.w3.org/2000/svg";

        // An element with a class and text.
        function make(tag, className = "", text = "") {
          const element = document.createElement(tag);
          if (className) element.className = className;
          if (text) element.textContent = text;
          return element;
        }

        function makeSVG(tag, attributes = {}) {
          const element = document.createElementNS(SVG, tag);
          for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
          return element;
        }

        // At most one call in a frame, however often it is asked for.
        function oncePerFrame(body) {
          let isAsked = false;
          return () => {
            if (isAsked) return;
            isAsked = true;
            requestAnimationFrame(() => {
              isAsked = false;
              body();
            });
          };
        }

        // A whole number in groups of three digits.
        const countText = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, " ");

        const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

        """#

    /// Each picture gets its viewer, each table its buttons.
    private static let start = #"""
        // Start ----------------------------------------------------------------------------------------------------

        for (const place of document.querySelectorAll(".waterfall")) {
          const data = JSON.parse(place.querySelector("script[type='application/json']").textContent);
          const viewer = new Viewer(place, new Run(data));
          const report = place.parentElement.querySelector("table.users");
          if (report) linkUsers(report, viewer);
        }
        for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);

        """#
}
