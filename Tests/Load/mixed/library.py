"""What is uploaded, and what must be there as far as the servers have acknowledged it."""
import threading

KEPT = 150  # videos that are left in the library at most, besides those that clients are working on

FACTS = [
    ("The ferry to {} leaves at {} from the old pier.", "When does the ferry to {} leave?"),
    ("The bakery in {} sells {} loaves on a Saturday.", "How many loaves does the bakery in {} sell?"),
    ("The lighthouse of {} was built by {} masons.", "Who built the lighthouse of {}?"),
    ("The archive of {} keeps {} maps in its cellar.", "What does the archive of {} keep in its cellar?"),
]
NUMBERS = ["seven", "twelve", "forty", "nineteen", "sixty", "three hundred", "eighty", "fifteen"]
SAID_EVERYWHERE = [
    "I would like to begin with what we noticed on the first day.",
    "Most of the visitors came by train, and few of them stayed.",
    "After lunch the committee went through the list of repairs.",
    "Nobody had expected so much rain in the middle of summer.",
    "We counted everything twice, because the first figures were wrong.",
    "The roof has been leaking since the storm in autumn.",
    "A small group of volunteers paints the fence every year.",
    "It took them two weeks to find the missing key.",
    "The music school moved into the empty house beside the station.",
    "In winter the path is closed after dark.",
    "Please remember to write your name on the form.",
    "The budget for next year has not been decided yet.",
    "Her grandfather repaired clocks in a shop near the market.",
    "The soup was cold, but everybody asked for more.",
]


class Video:
    def __init__(self, number, channel, chance):
        self.name = f"talk-{number}.vtt"
        self.title = f"Talk {number}"
        self.channel = channel
        self.id = None
        self.deleting = False
        self.deleted_at = None  # when the deletion was answered
        self.dead_words = []
        self.say_something(chance)

    def say_something(self, chance):
        """New content, with a word that occurs nowhere else."""
        self.word = "zq" + "".join(chance.choice("bdfgklmnprtv") + chance.choice("aiou") for _ in range(5))
        said, asked = chance.choice(FACTS)
        # In quotation marks, so that nothing else can be nearer by its meaning: what is tested here isn't the ranking.
        self.question = asked.format(f'"{self.word.capitalize()}"')
        sentences = [chance.choice(SAID_EVERYWHERE) for _ in range(chance.randint(6, 24))]
        fact = said.format(self.word.capitalize(), chance.choice(NUMBERS))
        sentences.insert(chance.randint(0, len(sentences)), fact)
        lines = ["WEBVTT", ""]
        for at, sentence in enumerate(sentences):
            lines += [f"{stamp(at * 4)} --> {stamp(at * 4 + 3.9)}", sentence, ""]
        self.captions = "\n".join(lines)


def stamp(seconds):
    return f"{int(seconds // 3600):02}:{int(seconds // 60) % 60:02}:{seconds % 60:06.3f}"


class Library:
    """What must be there, as far as the servers have acknowledged it."""

    def __init__(self, channels):
        self.channels = channels
        self.lock = threading.Lock()
        self.count = 0
        self.by_id = {}
        self.words = {}
        self.dead = {}
        self.kept = []

    def new_video(self, chance):
        with self.lock:
            self.count += 1
            return Video(self.count, chance.choice([None, *self.channels]), chance)

    def acknowledged(self, video):
        with self.lock:
            self.by_id[video.id] = video
            self.words[video.word] = video

    def word_is_dead(self, word, since):
        with self.lock:
            self.dead[word] = since

    def deleted(self, video, at):
        with self.lock:
            video.deleted_at = at
            for word in [video.word, *video.dead_words]:
                self.dead.setdefault(word, at)

    def keep(self, video):
        with self.lock:
            self.kept.append(video)

    def take_kept(self, chance):
        with self.lock:
            return self.kept.pop(chance.randrange(len(self.kept))) if len(self.kept) >= KEPT else None

    def some_kept(self, chance):
        with self.lock:
            return chance.choice(self.kept) if self.kept else None

    def some_deleted(self, chance):
        with self.lock:
            found = [video for video in self.by_id.values() if video.deleted_at]
            return chance.choice(found) if found else None

    def standing(self):
        """Ids that must be there now."""
        with self.lock:
            return {id for id, video in self.by_id.items() if not video.deleting}

    def known(self):
        with self.lock:
            return set(self.by_id)

    def gone(self):
        with self.lock:
            return {id for id, video in self.by_id.items() if video.deleted_at}

    def summary(self):
        return f"{len(self.by_id)} videos uploaded, {len(self.gone())} deleted"
