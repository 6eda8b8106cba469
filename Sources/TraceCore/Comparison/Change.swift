/// From one value to another, as a share of the first: -0.5 is half as much.
package struct Change: Sendable, Hashable {
    package var from: Int128
    package var to: Int128

    package init(from: Int128, to: Int128) {
        self.from = from
        self.to = to
    }

    /// In ten-thousandths, halves away from 0; nil from 0.
    package var tenThousandths: Int128? {
        guard from > 0 else { return nil }
        let size = (2 * Int128((to - from).magnitude) * 10_000 + from) / (2 * from)
        return to < from ? -size : size
    }

    /// Whether it is more than so many hundredths either way. From 0, any change is.
    package func exceeds(percent: Int128) -> Bool { 100 * Int128((to - from).magnitude) > percent * from }
}
