"""One learner of a class on a hub: logs in by the form, follows the link, opens, runs, saves.

All of it as a browser would, by the addresses that a browser would ask for.
"""

import json
import time
import uuid
from urllib.parse import parse_qsl, urlsplit

import requests
import websocket

PATIENCE = 300  # seconds


class Learner:
    """A browser with a name."""

    def __init__(self, hub: str, name: str):
        self.hub, self.name, self.web = hub, name, requests.Session()
        self.server = f"{hub}/user/{name}"

    def log_in(self, password: str = "penguins!") -> requests.Response:
        """Fill in the form; a password of one's own is chosen by the first login."""
        self.web.get(f"{self.hub}/hub/login").raise_for_status()
        form = {"username": self.name, "password": password, "_xsrf": self.web.cookies["_xsrf"]}
        return self.web.post(f"{self.hub}/hub/login", data=form, timeout=PATIENCE)

    def follow(self, link: str) -> str:
        """Follow a link that a teacher hands out, up to the page; return what is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page = self.web.get(link, timeout=PATIENCE)
            page.raise_for_status()
            if "/hub/spawn-pending/" not in page.url:
                return page.text if page.url.startswith(self.server) else page.url
            time.sleep(0.5)
        raise TimeoutError(f"{self.name}: no server after {PATIENCE} s")

    def pull(self, link: str) -> str:
        """Follow the link, and do what its page does: pull; return what was said last."""
        self.follow(link)
        asked = dict(parse_qsl(urlsplit(link).query))
        wanted = {key: asked[key] for key in ("repo", "branch")}
        said = self.web.get(f"{self.server}/git-pull/api", params=wanted, timeout=PATIENCE)
        said.raise_for_status()
        return json.loads(said.text.strip().splitlines()[-1].removeprefix("data: "))["phase"]

    def read(self, path: str) -> dict:
        """Open a notebook, as JupyterLab does."""
        page = self.web.get(f"{self.server}/api/contents/{path}", timeout=PATIENCE)
        page.raise_for_status()
        return page.json()["content"]

    def save(self, path: str, notebook: dict) -> None:
        """Save a notebook, as Ctrl-S does."""
        model = {"type": "notebook", "format": "json", "content": notebook}
        address = f"{self.server}/api/contents/{path}"
        self.web.put(address, json=model, headers=self._xsrf()).raise_for_status()

    def run(self, path: str) -> list[str]:
        """Run a notebook's code from the top in a kernel; return its errors' names."""
        session = {"path": path, "type": "notebook", "kernel": {"name": "python3"}}
        started = self.web.post(
            f"{self.server}/api/sessions", json={**session, "name": path}, headers=self._xsrf()
        )
        started.raise_for_status()
        kernel = started.json()["kernel"]["id"]
        address = f"{self.server}/api/kernels/{kernel}/channels".replace("http", "ws", 1)
        wire = websocket.create_connection(address, cookie=self._cookies(), timeout=PATIENCE)
        try:
            cells = [cell for cell in self.read(path)["cells"] if cell["cell_type"] == "code"]
            return [error for cell in cells for error in _executed(wire, cell["source"])]
        finally:
            wire.close()

    def _xsrf(self) -> dict[str, str]:
        ours = [cookie for cookie in self.web.cookies if cookie.name == "_xsrf"]
        mine = next(c.value for c in ours if c.path.startswith(f"/user/{self.name}"))
        return {"X-XSRFToken": mine}

    def _cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.web.cookies
                         if cookie.path in ("/", f"/user/{self.name}/"))  # fmt: skip


def _executed(wire: websocket.WebSocket, code: str) -> list[str]:
    asked = uuid.uuid4().hex
    header = {"msg_id": asked, "msg_type": "execute_request", "username": "", "session": asked,
              "version": "5.3", "date": ""}  # fmt: skip
    content = {"code": code, "silent": False, "stop_on_error": False}
    wire.send(json.dumps({"header": header, "parent_header": {}, "metadata": {},
                          "content": content, "channel": "shell", "buffers": []}))  # fmt: skip
    errors = []
    while True:
        said = json.loads(wire.recv())
        if said["parent_header"].get("msg_id") != asked:
            continue
        if said["msg_type"] == "error":
            errors.append(said["content"]["ename"])
        if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
            return errors
