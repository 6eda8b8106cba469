import ArgumentParser

/// How long ago something was: `12h`, `30d`, `8w`.
struct Age: ExpressibleByArgument {
    let microseconds: Int64

    init?(argument: String) {
        guard let age = PointInTime.age(argument) else { return nil }
        microseconds = age
    }
}
