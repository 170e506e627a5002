"""One of the clients that use the library at the same time, and that check whatever they are told."""
import collections, http.client, json, re, threading, time, urllib.parse

from mixed.connection import Connection
from mixed.tally import GRACE

READY_SECONDS = 60
UNIQUE = re.compile(r"\bzq[a-z]+\b")


class Failed(Exception):
    """Something that is not as it must be; what it belongs to is not gone on with."""


class Client:
    def __init__(self, ports, library, tally, chance):
        self.library = library
        self.tally = tally
        self.chance = chance
        self.connections = [Connection(port) for port in ports]

    def attempt(self, what, body):
        try:
            body(self)
        except Failed as failure:
            self.tally.failed(str(failure))
        except Exception as error:
            self.tally.failed(f"{what}: {type(error).__name__}: {error}")

    # One video from its upload to its end

    def live_a_life(self):
        chance = self.chance
        video = self.library.new_video(chance)
        at = self.upload(video)
        self.wait_until_ready(video, self.another(at))
        self.find_everywhere(video)
        self.ask(video, self.any())
        if chance.random() < 0.2:
            self.upload_again(video, self.another(at))
        if chance.random() < 0.3:
            self.replace(video)
        if chance.random() < 0.25:
            self.converse(video)
        if chance.random() < 0.2:
            self.list_everything(self.any())
        if chance.random() < 0.4:
            self.library.keep(video)
        else:
            self.delete(video)
        self.look_back()

    def any(self):
        return self.chance.randrange(len(self.connections))

    def another(self, than):
        return self.chance.choice([number for number in range(len(self.connections)) if number != than])

    def upload(self, video):
        if self.chance.random() < 0.1:
            return self.upload_twice_at_once(video)
        at = self.any()
        video.id = self.send(video, at)["videoId"]
        self.library.acknowledged(video)
        return at

    def upload_twice_at_once(self, video):
        """The same file at the same moment at two instances is one video."""
        at = self.any()
        other = Client([connection.port for connection in self.connections], self.library, self.tally, self.chance)
        elsewhere = self.another(at)
        ids = []
        thread = threading.Thread(
            target=lambda: other.attempt("an upload", lambda _: ids.append(other.send(video, elsewhere)["videoId"])))
        thread.start()
        try:
            ids.append(self.send(video, at)["videoId"])
        finally:
            thread.join()
            for connection in other.connections:
                connection.close()
        for id in ids:
            video.id = id
            self.library.acknowledged(video)
        self.expect(len(set(ids)) == 1, f"two uploads of {video.name} at once made {ids}")
        self.tally.checked("uploaded twice at once")
        return at

    def upload_again(self, video, at):
        answer = self.send(video, at)
        self.expect(answer["videoId"] == video.id and answer.get("alreadyProcessed"),
                    f"{video.name}, {video.id}, was uploaded again: {answer}")

    def replace(self, video):
        old = video.word
        video.dead_words.append(old)
        video.say_something(self.chance)
        at = self.any()
        answer = self.send(video, at)
        self.expect(answer["videoId"] == video.id, f"{video.name}, {video.id}, was replaced: {answer}")
        self.library.acknowledged(video)
        self.wait_until_ready(video, self.another(at))
        self.library.word_is_dead(old, time.monotonic())
        self.find_everywhere(video)
        for number in range(len(self.connections)):
            self.search(old, number)
        self.tally.checked("replaced")

    def send(self, video, at):
        fields = {"title": video.title}
        if video.channel:
            fields["channelId"] = video.channel
        boundary = f"part-{video.word}"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                 for name, value in fields.items()]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{video.name}"\r\n'
                     f"Content-Type: text/vtt\r\n\r\n{video.captions}\r\n--{boundary}--\r\n")
        return self.request("upload", at, "POST", "/api/videos/upload", "".join(parts).encode(), expecting=202,
                            content_type=f"multipart/form-data; boundary={boundary}")

    def wait_until_ready(self, video, at):
        start = time.monotonic()
        while True:
            seen = self.request("video", at, "GET", f"/api/videos/{video.id}")["video"]
            if seen["state"] == "ready" and seen["stage"] is None:
                break
            self.expect(seen["state"] != "failed" and seen["stage"] != "failed", f"{video.id} was given up: {seen}")
            self.expect(time.monotonic() - start < READY_SECONDS,
                        f"{video.id} is not ready in {READY_SECONDS} s: {seen}")
            time.sleep(0.02)
        self.tally.request("(until ready)", "seen elsewhere", time.monotonic() - start)

    def find_everywhere(self, video):
        for number in range(len(self.connections)):
            hits = self.search(f'"{video.word}"', number)
            self.expect(any(hit["videoId"] == video.id and video.word in hit["text"].lower() for hit in hits),
                        f"instance {number} does not find {video.word} of {video.id}: {json.dumps(hits)[:1000]}")
            self.tally.checked("found")

    def ask(self, video, at, session=None):
        """A question that the video answers; gives the session."""
        body = {"messages": [{"role": "user", "content": video.question}]}
        kind = self.chance.choice(["chat", "stream"])
        if session:
            body["sessionId"] = session
        elif video.channel and self.chance.random() < 0.5:
            body["channelId"] = video.channel
            kind = "channel stream" if kind == "stream" else kind
        elif self.chance.random() < 0.3:
            body["videoId"] = video.id
        path = {"chat": "/api/chat", "stream": "/api/chat/stream", "channel stream": "/api/chat/channel/stream"}[kind]
        answer = self.request(kind, at, "POST", path, json.dumps(body))
        cited = [c for c in answer["citations"] if c["videoId"] == video.id and video.word in c["text"].lower()]
        self.expect(answer["success"] and cited,
                    f"instance {at} does not answer {body} from {video.id}: {json.dumps(answer)[:1500]}")
        self.tally.checked("answered and cited" if answer["answered"] else "cited as the nearest moment only")
        return answer["sessionId"]

    def converse(self, video):
        """A conversation that goes on at another instance each time."""
        at = self.any()
        session = self.ask(video, at)
        for _ in range(2):
            at = self.another(at)
            self.expect(self.ask(video, at, session) == session, f"the session {session} became another")
        path = f"/api/chat/sessions/{session}/messages"
        messages = self.request("messages", self.another(at), "GET", path)["messages"]
        roles = [(message["role"], message["state"]) for message in messages]
        self.expect([role for role, _ in roles] == ["user", "assistant"] * 3, f"the messages of {session}: {roles}")
        recent = self.request("recent sessions", self.another(at), "GET", "/api/chat-sessions/recent?limit=100")
        self.expect(any(entry["id"] == session for entry in recent["sessions"]), f"{session} is not a recent session")
        self.request("delete session", at, "DELETE", f"/api/chat/sessions/{session}")
        self.request("messages", self.another(at), "GET", path, expecting=404)
        self.tally.checked("conversations")

    def list_everything(self, at):
        standing, gone = self.library.standing(), self.library.gone()
        listed = collections.Counter()
        cursor = ""
        while cursor is not None:
            page = self.request("list", at, "GET", f"/api/videos?limit=100{cursor and '&cursor='}{cursor}")
            listed.update(video["id"] for video in page["videos"])
            cursor = page["cursor"]
        missing = (standing & self.library.standing()) - set(listed)
        self.expect(not missing, f"instance {at} does not list {missing}")
        self.expect(not gone & set(listed), f"instance {at} lists what was deleted: {gone & set(listed)}")
        self.expect(not listed or max(listed.values()) == 1, f"instance {at} lists a video twice")
        self.tally.checked("complete lists")
        return listed

    def delete(self, video):
        at = self.any()
        video.deleting = True
        self.request("delete", at, "DELETE", f"/api/videos/{video.id}")
        answered = time.monotonic()
        self.library.deleted(video, answered)
        number = at
        while time.monotonic() < answered + GRACE + 0.2:
            number = (number + 1) % len(self.connections)
            self.search(video.word, number)
            time.sleep(0.03)
        for number in range(len(self.connections)):
            self.miss(video, number)

    def miss(self, video, at):
        """What was deleted is not there: whatever it says is checked in `request`."""
        self.search(video.word, at)
        body = json.dumps({"messages": [{"role": "user", "content": video.question}]})
        self.request("chat", at, "POST", "/api/chat", body)
        self.request("video", at, "GET", f"/api/videos/{video.id}", expecting=404)
        self.tally.checked("missed after deletion")

    def look_back(self):
        """Something that was kept or deleted before, perhaps long ago, perhaps by others."""
        if (video := self.library.take_kept(self.chance)) is not None:
            self.delete(video)
        if (video := self.library.some_kept(self.chance)) is not None and self.chance.random() < 0.3:
            hits = self.search(f'"{video.word}"', self.any())
            there = any(hit["videoId"] == video.id for hit in hits)
            self.expect(there or video.deleting, f"{video.word} of {video.id}, which was kept, is not found any more")
        if (video := self.library.some_deleted(self.chance)) is not None and self.chance.random() < 0.3:
            self.miss(video, self.any())

    # Requests

    def search(self, words, at):
        return self.request("search", at, "GET", f"/api/search?q={urllib.parse.quote(words)}")["hits"]

    def request(self, kind, at, method, path, body=None, expecting=200, **options):
        sent = time.monotonic()
        try:
            status, answer = self.connections[at].ask(method, path, body, **options)
        except (OSError, http.client.HTTPException) as error:
            self.tally.request(kind, type(error).__name__, time.monotonic() - sent)
            raise Failed(f"instance {at}: {method} {path}: {type(error).__name__}: {error}")
        self.tally.request(kind, status, time.monotonic() - sent)
        self.expect(status == expecting, f"instance {at}: {method} {path}: {status} {json.dumps(answer)[:1500]}")
        if isinstance(answer, dict):
            self.expect_fresh([*answer.get("hits", []), *answer.get("citations", []), *answer.get("sources", [])],
                              sent, f"instance {at}: {method} {path}")
        return answer

    def expect_fresh(self, moments, sent, what):
        """Nothing may come from a video that was deleted, or from content that was replaced, before the question."""
        for moment in moments:
            for word in UNIQUE.findall(moment["text"].lower()):
                owner = self.library.words.get(word)
                self.expect(owner is None or owner.id == moment["videoId"],
                            f"{what}: {word} belongs to {owner and owner.id}, and comes from {moment['videoId']}")
                since = self.library.dead.get(word)
                if since is not None and since < sent:
                    self.stale(sent - since, f"{what}: the word {word} is gone, and comes from {moment['videoId']}")
            video = self.library.by_id.get(moment["videoId"])
            since = video and video.deleted_at
            if since is not None and since < sent:
                self.stale(sent - since, f"{what}: {video.id}, which was deleted, is answered from")
        self.tally.checked("answers without anything stale")

    def stale(self, after, what):
        self.tally.stale_answer(after, what)
        self.expect(after <= GRACE, f"{what}, {after:.3f} s after it was gone")

    def expect(self, holds, failure):
        if not holds:
            raise Failed(failure)
