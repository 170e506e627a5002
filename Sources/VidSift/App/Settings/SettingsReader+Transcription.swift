internal import Providers

extension SettingsReader {
    /// The endpoint of the transcriber; nil unless a model or an address of its own is named: listening costs by the
    /// minute, so a key alone does not switch it on.
    mutating func transcription() -> EndpointTranscriptionModel.Configuration? {
        let own = url("TRANSCRIPTION_BASE_URL")
        let model = text("TRANSCRIPTION_MODEL")
        guard own != nil || model != nil else {
            check(
                text("TRANSCRIPTION_API_KEY") == nil,
                "TRANSCRIPTION_API_KEY is set without TRANSCRIPTION_MODEL or TRANSCRIPTION_BASE_URL: what is asked?")
            return nil
        }
        let key = text("TRANSCRIPTION_API_KEY") ?? text("OPENAI_API_KEY")
        let base = own ?? url("OPENAI_BASE_URL")
        check(
            base != nil || key != nil,
            "TRANSCRIPTION_MODEL is set without OPENAI_API_KEY, OPENAI_BASE_URL or TRANSCRIPTION_BASE_URL: where is it?"
        )
        return EndpointTranscriptionModel.Configuration(
            baseURL: base ?? "https://api.openai.com/v1", apiKey: key.map { Secret($0) }, model: model ?? "whisper-1")
    }
}
