/// The rules of whole objects, and which of all broken rules is told.
extension EventDecoder {
    /// Whether an object that is set keeps its rules, those of the objects below it apart.
    @inline(__always)
    func isSound(_ shape: UnsafePointer<CompiledShape>, _ state: ObjectState) -> Bool {
        if state.set == 0 { return true }
        guard state.bad == 0, state.set & shape.pointee.required == shape.pointee.required else { return false }
        if shape.pointee.anyOf != 0, state.set & shape.pointee.anyOf == 0 { return false }
        for index in 0..<shape.pointee.conditionCount {
            let condition = shape.pointee.conditions[index]
            if state.set & condition.field == 0, state.set & condition.others != 0 { return false }
        }
        return true
    }

    /// The first broken rule of an object, in the order in which upstream checks them; nil where none is. It is an empty
    /// text where nothing is explained.
    func firstFailure(_ shape: UnsafePointer<CompiledShape>) -> String? {
        let state = states[shape.pointee.state]
        let source = shape.pointee.source.takeUnretainedValue().shape
        if shape.pointee.anyOf != 0, state.set & shape.pointee.anyOf == 0 {
            return explains ? "requires at least one of the fields '\(source.anyOf.joined(separator: ";"))'" : ""
        }
        for index in 0..<shape.pointee.fieldCount {
            let field = shape.pointee.fields + index
            let isSet = state.set & field.pointee.bit != 0
            if isSet, let child = field.pointee.child,
                field.pointee.kind == .object || field.pointee.kind == .objectIfAny, let failure = firstFailure(child)
            {
                return explains ? "\(source.fields[index].key): \(failure)" : ""
            }
            if state.bad & field.pointee.bit != 0 {
                return violations.last { $0.field == field }?.message
            }
            if !isSet, let failure = missing(source, index, state) { return failure }
        }
        return nil
    }

    /// What is wrong with a field not being set.
    private func missing(_ source: Shape, _ index: Int, _ state: ObjectState) -> String? {
        let field = source.fields[index]
        switch field.requirement {
        case .optional:
            return nil
        case .required:
            return explains ? "'\(field.key)' required" : ""
        case .requiredWith(let others):
            let sent = others.first { other in
                source.fields.firstIndex { $0.key == other }.map { state.set & 1 << UInt64($0) != 0 } ?? false
            }
            return sent.map { "'\(field.key)' required when '\($0)' is set" }
        }
    }

    /// The key of a field.
    func key(of field: UnsafePointer<CompiledField>) -> String {
        field.pointee.source.takeUnretainedValue().key
    }
}
