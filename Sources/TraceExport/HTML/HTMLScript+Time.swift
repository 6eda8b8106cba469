extension HTMLScript {
    /// Durations as text and the labels of an axis, as everywhere in the program.
    static let durations = #"""
        // Durations, in µs -----------------------------------------------------------------------------------------

        const UNITS = [
          { size: 1, symbol: "µs", below: 1e3 }, { size: 1e3, symbol: "ms", below: 999500 },
          { size: 1e6, symbol: "s", below: 6e8 }, { size: 6e7, symbol: "min", below: 3.6e10 },
          { size: 3.6e9, symbol: "h", below: Infinity },
        ];

        const SECONDS = UNITS[2];

        // A duration counted in the last decimal.
        const stepsOf = (duration, unit, decimals) => Math.round(duration * 10 ** decimals / unit.size);

        // One unit and one number of decimals for all that are compared with one another. What it would leave fewer than
        // two digits, or fewer than one beside a longest one of three, stands in a unit of its own.
        function durationForm(longest) {
          const unit = UNITS.find((unit) => longest < unit.below);
          let decimals = 2;
          if (unit.size === 1 || (unit.size === 1e3 && longest >= 99950)) decimals = 0;
          else if (unit.size === 1e3 && longest >= 9995) decimals = 1;
          return formOf(unit, decimals, longest);
        }

        function formOf(unit, decimals, longest) {
          return { ...unit, decimals, least: stepsOf(longest, unit, decimals) < 1000 ? 1 : 10 };
        }

        // Two times: in a form where it shows two digits of what lies between them, else in one that tells hundredths of
        // that apart.
        function endTexts(start, end, form) {
          const isEnough = stepsOf(end - start, form, form.decimals) >= 10;
          return [start, end].map((time) => durationText(time, isEnough ? form : zoomForm(end, end - start)));
        }

        // The form that tells apart times that lie a hundredth of `length` from one another. Of hours and minutes it shows no
        // more than hundredths: what takes more is told in seconds.
        function zoomForm(longest, length) {
          const form = durationForm(longest);
          const decimalsOf = ({ size }) => {
            const most = clamp(Math.floor(Math.log10(size)), 0, 6);
            let decimals = 0;
            while (decimals < most && 100 * size > length * 10 ** decimals) decimals += 1;
            return decimals;
          };
          const unit = coarseUnit(form, (unit) => decimalsOf(unit) <= 2);
          return formOf(unit, Math.max(unit.size === form.size ? form.decimals : 2, decimalsOf(unit)), longest);
        }

        // Hours or minutes, where they are no larger than a unit and will do; else what of it is no larger than seconds.
        function coarseUnit(largest, willDo) {
          const coarse = UNITS.slice(3).reverse().find((unit) => unit.size <= largest.size && willDo(unit));
          return coarse || (largest.size > SECONDS.size ? SECONDS : largest);
        }

        const holds = (form, duration) => duration === 0 || stepsOf(Math.abs(duration), form, form.decimals) >= form.least;

        // What is not nothing is never rounded to it.
        function durationText(duration, form = durationForm(duration)) {
          const whole = Math.round(Math.abs(duration));
          const { size, decimals, symbol } = holds(form, whole) ? form : durationForm(whole);
          const number = (stepsOf(whole, { size }, decimals) / 10 ** decimals).toFixed(decimals);
          return (duration < 0 ? "-" : "") + number + symbol;
        }

        // Labels of an axis from `start` on: steps of 1, 2 or 5 of one unit, at least `distance` pixels apart. The unit is
        // that of the whole run as long as it takes few decimals.
        function ticks(start, length, whole, width, distance = 84) {
          const least = length * distance / Math.max(width, 1);
          const largest = durationForm(least * 1000 < durationForm(whole).size ? start + length : whole);
          const unit = coarseUnit(largest, ({ size }) => least * 100 >= size);
          let step = unit.size * 10 ** Math.floor(Math.log10(least / unit.size));
          step = [1, 2, 5, 10].map((factor) => factor * step).find((step) => step >= least * 0.999) || step * 10;
          step = Math.max(step, 1);
          const decimals = clamp(-Math.floor(Math.log10(step / unit.size) + 1e-9), 0, 6);
          const labels = [];
          for (let number = Math.ceil(start / step); number * step <= start + length; number += 1) {
            const offset = number * step;
            const text = offset === 0 ? "0" : (offset / unit.size).toFixed(decimals);
            labels.push({ x: (offset - start) / length * width, text: text + unit.symbol });
          }
          return labels;
        }

        """#

    /// The stretch of time that is looked at.
    static let zoom = #"""
        // Zoom: the stretch of time that is looked at, µs from the run's start ----------------------------------------

        class TimeWindow {
          constructor(whole) {
            this.whole = Math.max(whole, 1);
            this.reset();
          }

          reset() {
            this.start = 0;
            this.length = this.whole;
          }

          get end() { return this.start + this.length; }
          get isWhole() { return this.length >= this.whole; }

          // Shows a stretch; none is shorter than 10 µs, or than what a number can still tell apart.
          show(start, end) {
            this.length = clamp(end - start, Math.min(10, this.whole), this.whole);
            this.start = clamp(start, 0, this.whole - this.length);
          }

          // Makes what is seen `factor` times as large; what stands at `fraction` of the width stays there.
          zoom(factor, fraction = 0.5) {
            const anchor = this.start + this.length * fraction;
            const length = clamp(this.length / factor, Math.min(10, this.whole), this.whole);
            this.show(anchor - length * fraction, anchor - length * fraction + length);
          }

          // Moves by a share of what is seen.
          pan(share) { this.show(this.start + share * this.length, this.end + share * this.length); }

          x(time, width) { return (time - this.start) / this.length * width; }
        }

        """#
}
