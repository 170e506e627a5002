/// An event with its place in the run, from 1 on; 0 where it is not stored, because the database can't be reached.
package struct NumberedEvent: Sendable {
    package let number: Int
    package let event: AnswerEvent

    package init(number: Int, event: AnswerEvent) {
        self.number = number
        self.event = event
    }
}
