/// A citation and where in the text it stands, as OpenAI's protocol has it.
struct CitationAnnotation: Sendable {
    var citation: Citation
    /// In Unicode scalars from the text's beginning.
    var range: Range<Int>
}

extension [CitationAnnotation] {
    func write(to json: inout JSONWriter) {
        json.array(self) { json, annotation in
            json.object { json in
                json.field("type", "url_citation")
                json.key("url_citation")
                json.object(annotation.writeFields)
            }
        }
    }
}

extension CitationAnnotation {
    fileprivate func writeFields(to json: inout JSONWriter) {
        json.field("start_index", range.lowerBound)
        json.field("end_index", range.upperBound)
        json.field("url", citation.video.url(at: citation.start))
        json.field("title", citation.video.title)
    }
}
