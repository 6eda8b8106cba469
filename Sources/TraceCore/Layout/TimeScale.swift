/// Where times stand on an axis of terminal cells, counted in integers: a cell has eight eighths.
package struct TimeScale: Sendable, Hashable {
    /// µs since the epoch, at the left edge of the first cell.
    package let start: Int64
    /// µs to the right edge of the last cell; at least 1.
    package let length: Int64
    package let cells: Int

    /// A scale over an interval; `cells` is at least 1.
    package init(_ interval: Interval, cells: Int) {
        start = interval.start
        length = max(1, interval.length)
        self.cells = max(1, cells)
    }

    /// The nearest edge of the `parts` of a cell, from 0 to `cells * parts`; times outside are clamped.
    package func edge(_ time: Int64, parts: Int) -> Int {
        let offset = Int128(min(max(time - start, 0), length))
        let all = Int128(cells * parts)
        return Int((2 * offset * all + Int128(length)) / (2 * Int128(length)))
    }

    /// The part of a cell that a time stands in, from 0 to `cells * parts - 1`.
    package func position(_ time: Int64, parts: Int) -> Int {
        let offset = Int128(min(max(time - start, 0), length))
        return min(Int(offset * Int128(cells * parts) / Int128(length)), cells * parts - 1)
    }

    /// The time of a cell's left edge, µs since the epoch.
    package func time(ofCell cell: Int) -> Int64 {
        start + Int64(Int128(length) * Int128(cell) / Int128(cells))
    }
}

extension TimeScale {
    /// A label of the axis.
    package struct Tick: Sendable, Hashable {
        /// The cell that the label begins in.
        package var column: Int
        package var text: String
        /// µs from the start of the axis.
        package var offset: Int64
    }

    /// The labels of the axis: steps of 1, 2 or 5 of one unit that stand at least `distance` cells apart, the
    /// unit on the first and the last; the last is the exact end and closes with the axis. `origin` is the time at
    /// the left edge, 0 or more µs: where it is not 0, the first label is that.
    package func ticks(from origin: Int64 = 0, distance: Int = 10, ascii: Bool) -> [Tick] {
        let exactEnd = Int128(origin) + Int128(length)
        let form =
            origin == 0
            ? DurationText(fitting: length, ascii: ascii)
            : DurationText(fitting: exactEnd, resolving: length, ascii: ascii)
        let end = form.text(exactEnd)
        let last = Tick(column: max(0, cells - end.count), text: end, offset: length)
        let symbol = form.unit.symbol(ascii: ascii)
        // After a first label in a unit of its own each says its unit.
        let unit = form.holds(origin) ? "" : symbol
        guard let step = step(unit: form.unit, end: exactEnd, distance: distance, margin: unit.count + 2) else {
            return end.count <= cells ? [last] : []
        }
        let first = origin == 0 ? "0" + symbol : form.text(origin)
        var ticks = [Tick(column: 0, text: first, offset: 0)]
        var number = Int128(origin) / step.length
        while true {
            number += 1
            let offset = number * step.length - Int128(origin)
            let column = Int(offset * Int128(cells) / Int128(length))
            let text = step.text(number) + unit
            guard offset < Int128(length), column + distance <= cells, column + text.count + 2 <= last.column else {
                break
            }
            if column < max(distance, first.count + 2) { continue }
            ticks.append(Tick(column: column, text: text, offset: Int64(offset)))
        }
        if ticks[0].text.count + 2 > last.column { ticks.removeFirst() }
        return ticks + [last]
    }

    private struct Step {
        /// 1, 2 or 5.
        var mantissa: Int128
        /// The power of ten that is left after the decimals are taken off.
        var exponent: Int
        var decimals: Int
        /// µs.
        var length: Int128

        /// The label of so many steps.
        func text(_ number: Int128) -> String {
            Decimals.text(number * mantissa * Decimals.power(exponent), decimals: decimals)
        }
    }

    /// The smallest step whose labels stand far enough apart, and take `margin` cells beside their number; nil where
    /// none fits the axis.
    private func step(unit: DurationUnit, end: Int128, distance: Int, margin: Int) -> Step? {
        let size = Int128(unit.rawValue)
        for exponent in -6...15 {
            for mantissa: Int128 in [1, 2, 5] {
                let scaled = mantissa * size * Decimals.power(exponent)
                let divisor = Decimals.power(-exponent)
                guard scaled % divisor == 0, scaled >= divisor else { continue }
                let length = scaled / divisor
                let step = Step(
                    mantissa: mantissa, exponent: max(0, exponent), decimals: max(0, -exponent), length: length)
                if length >= Int128(self.length) { return nil }
                // The label of the last step is the widest.
                let widest = step.text(end / length).count
                if length * Int128(cells) >= Int128(max(distance, widest + margin)) * Int128(self.length) {
                    return step
                }
            }
        }
        return nil
    }
}
