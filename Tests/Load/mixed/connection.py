"""HTTP, one request after the other on a connection that is kept."""
import http.client, json, time

REQUEST_SECONDS = 30
IDLE_SECONDS = 30  # the server closes a connection that is idle for twice as long


class Connection:
    """One client's connection to one instance."""

    def __init__(self, port):
        self.port = port
        self.http = None
        self.last_use = 0

    def ask(self, method, path, body=None, content_type="application/json"):
        if self.http is None or time.monotonic() - self.last_use > IDLE_SECONDS:
            self.close()
            self.http = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
        try:
            self.http.request(method, path, body, {"Content-Type": content_type} if body else {})
            response = self.http.getresponse()
            content = response.read()
        except BaseException:
            self.close()
            raise
        self.last_use = time.monotonic()
        if response.headers.get("Content-Type", "").startswith("text/event-stream"):
            return response.status, events(content.decode())
        try:
            return response.status, json.loads(content)
        except ValueError:
            return response.status, content.decode(errors="replace")

    def close(self):
        if self.http:
            self.http.close()
        self.http = None


def events(text):
    """A stream of events as the same answer in one piece has it."""
    read = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
    last = read[-1] if read else {"type": "nothing"}
    return {
        "success": last["type"] == "done", "last": last, "sessionId": read[0].get("sessionId") if read else None,
        "response": "".join(event["content"] for event in read if event["type"] == "content"),
        "citations": last.get("citations", []), "answered": last.get("answered"),
        "sources": [passage for event in read if event["type"] == "sources" for passage in event["passages"]],
    }
