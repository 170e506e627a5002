"""Talks about nothing, of real words: caption files that make one channel of some 20,000 passages, and questions about
what is said in them. The same on every run.

    library.py VOCABULARY FOLDER    writes the files, and questions.txt beside the folder
"""
import pathlib, random, re, sys

TALKS = 304
SENTENCES = 200    # in a talk, which makes some 66 passages: each begins a few sentences after the last
QUESTIONS = 20_000
WORDS_A_CUE = 8
SECONDS_A_WORD = 0.4
SUBJECTS = 60    # words that a talk comes back to
SHARE_OF_SUBJECTS = 0.5
VERBS = {"reach": "reached", "follow": "followed", "change": "changed", "cover": "covered", "replace": "replaced",
         "damage": "damaged", "protect": "protected", "surround": "surrounded", "explain": "explained"}
SENTENCE = "the {} {} {} the {} before the {}"
FRAMES = ("And so {}, which nobody had expected.", "As far as we can tell {}.", "It was in those years that {}.",
          "You may have read that {}, and that is true.", "Some people say that {}.", "Later on {}.",
          "I have often been asked about this, but {}.", "In the second part of the story {} once more.")


def talk(words, rng):
    """The sentences of a talk, and questions about some of them."""
    subjects = rng.sample(words, SUBJECTS)
    sentences, questions = [], []
    for _ in range(SENTENCES):
        nouns = [rng.choice(subjects if rng.random() < SHARE_OF_SUBJECTS else words) for _ in range(4)]
        verb = rng.choice(sorted(VERBS))
        said = SENTENCE.format(*nouns[:2], VERBS[verb], *nouns[2:])
        text = rng.choice(FRAMES).format(said)
        sentences.append(text)
        questions.append("Why did " + SENTENCE.format(*nouns[:2], verb, *nouns[2:]) + "?")
    return sentences, questions


def captions(sentences):
    words = " ".join(sentences).split(" ")
    cues = []
    for first in range(0, len(words), WORDS_A_CUE):
        cue = words[first:first + WORDS_A_CUE]
        cues.append(f"{clock(first)} --> {clock(first + len(cue))}\n{' '.join(cue)}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def clock(word):
    milliseconds = round(word * SECONDS_A_WORD * 1_000)
    seconds, milliseconds = divmod(milliseconds, 1_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"


def make(vocabulary, folder):
    rng = random.Random(20_000)
    words = [word for word in vocabulary.read_text().split("\n") if re.fullmatch("[a-z]{4,12}", word)][2_000:]
    folder.mkdir(parents=True)
    questions = []
    for number in range(1, TALKS + 1):
        sentences, asked = talk(words, rng)
        (folder / f"Talk {number:03} about the {rng.choice(words)}.vtt").write_text(captions(sentences))
        questions += asked
    rng.shuffle(questions)
    (folder.parent / "questions.txt").write_text("\n".join(questions[:QUESTIONS]) + "\n")


if __name__ == "__main__":
    make(*map(pathlib.Path, sys.argv[1:3]))
