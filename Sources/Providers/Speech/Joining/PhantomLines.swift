/// Lines that Whisper writes where nobody speaks: its training data had them under silence and music.
///
/// The commonest of the "bag of hallucinations" of Barański et al., "Investigation of Whisper ASR Hallucinations Induced
/// by Non-Speech Audio" (arXiv 2501.11378), and what is known of other languages. People say some of them, too: a line
/// is dropped only where there is another sign that nobody speaks.
enum PhantomLines {
    /// Whether a text is nothing but such a line.
    static func contains(_ text: String) -> Bool {
        let line = TextToken.tokens(of: text).map { TextToken.key(of: $0.text) }.joined(separator: " ")
        return whole.contains(line) || beginnings.contains { line.hasPrefix($0) }
    }

    private static func lines(_ texts: [String]) -> [String] {
        texts.map { TextToken.tokens(of: $0).map { TextToken.key(of: $0.text) }.joined(separator: " ") }
    }

    private static let whole = Set(
        lines([
            "you", "thank you", "thank you so much", "thank you very much", "thanks", "bye", "bye bye", "okay", "oh",
            "so", "thank you for watching", "thanks for watching", "thank you for listening",
            "thank you for your attention",
            "thank you for watching please subscribe", "thanks for watching please subscribe", "please subscribe",
            "please subscribe to my channel", "please like and subscribe", "like and subscribe",
            "subscribe to my channel", "don't forget to subscribe", "don't forget to like and subscribe",
            "see you next time", "see you in the next video", "I'll see you in the next video",
            "we'll see you next time", "to be continued", "the end",
            "Vielen Dank fürs Zuschauen", "Vielen Dank", "Danke fürs Zuschauen", "Bis zum nächsten Mal",
            "Merci d'avoir regardé cette vidéo", "Merci d'avoir regardé", "Abonnez-vous", "Gracias por ver el video",
            "Gracias por ver", "Suscríbete", "Suscríbete al canal", "Obrigado por assistir", "Grazie per la visione",
            "Grazie per aver guardato il video", "Продолжение следует", "Спасибо за просмотр", "Dziękuję za uwagę",
            "ご視聴ありがとうございました", "ありがとうございました", "チャンネル登録をお願いします", "谢谢观看", "謝謝觀看",
            "请不吝点赞订阅转发打赏支持明镜与点点栏目",
            "시청해주셔서 감사합니다", "구독과 좋아요 부탁드립니다", "İzlediğiniz için teşekkür ederim",
        ]))

    private static let beginnings = lines([
        "Subtitles by", "Subtitled by", "Captions by", "Captioned by", "Transcribed by", "Transcription by",
        "Translated by", "Subtitles created by", "Untertitel von", "Untertitel der Amara", "Untertitel im Auftrag des",
        "Untertitelung", "Sous-titres réalisés par", "Sous-titres par", "Sous-titrage", "Subtítulos realizados por",
        "Subtítulos por", "Subtítulos creados por", "Legendas pela comunidade", "Legenda por",
        "Sottotitoli creati dalla", "Sottotitoli a cura di", "Sottotitoli e revisione", "Ondertiteling",
        "Ondertitels ingediend door", "Napisy stworzone przez", "Субтитры сделал", "Субтитры создавал",
        "Редактор субтитров", "字幕由", "字幕製作", "Altyazı",
    ])
}
