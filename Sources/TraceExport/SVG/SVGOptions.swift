/// How a run is drawn as a picture.
package struct SVGOptions {
    /// The most rows that are drawn; nil is all.
    package var rows: Int? = 200
    /// Of the picture, in px.
    package var width = 960
    /// Whether the run has no root yet and its events still come.
    package var isArriving = false
    /// What stands for a text of the run, wherever one is shown: to hide whom it is about.
    package var rename: ((String) -> String)?
    /// What the ids inside the picture begin with: two pictures on one page need two.
    package var prefix = "wl"
    /// Whether the picture brings its own style sheet; without it the page around it has `SVGStyle.sheet`.
    package var hasStyle = true

    package init() {}

    /// A text of the run as it is shown, no wider than so many columns.
    func text(_ raw: String?, columns: Int) -> PictureText {
        guard let raw else { return PictureText(own: "(no name)") }
        return PictureText(rename?(raw) ?? raw, columns: columns)
    }
}
