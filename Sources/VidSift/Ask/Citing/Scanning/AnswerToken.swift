/// What the reader of a model's text makes of it.
enum AnswerToken: Sendable, Hashable {
    /// A character that is passed on, white space included.
    case content(Unicode.Scalar)
    /// The numbers of the passages that a marker names.
    case marker([Int])
    /// Something was taken out here.
    case removed
    case end
}
