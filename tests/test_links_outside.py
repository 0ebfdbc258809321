"""`make links` tells a page that is gone from one that moved, hangs or refuses machines."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

import links


class Page(BaseHTTPRequestHandler):
    """A good page, a missing one, two that send on, one that refuses, one that hangs."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/hangs":
            self.server.over.wait(10)
            return
        first = self.asked.count(self.path) == 1
        code = {"/gone": 404, "/moved": 301, "/elsewhere": 302, "/refuses": 403}.get(
            self.path, 200
        )
        self.send_response(503 if self.path == "/tired" and first else code)
        if code in (301, 302):
            self.send_header("Location", "/good")
        self.end_headers()

    def log_message(self, *_) -> None:
        """Keep quiet."""


@pytest.fixture
def server():
    """Serve on loopback; the hanging page is let go at the end."""
    Page.asked.clear()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    http.over = threading.Event()
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.over.set()
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.mark.parametrize(
    ("page", "verdict", "detail", "times"),
    [
        ("/good", "fine", "", 1),
        ("/gone", "broken", "answers 404", 1),
        ("/moved", "moved", "moved for good to", 1),
        ("/elsewhere", "fine", "", 1),
        ("/refuses", "unknown", "answers 403", 3),
        ("/hangs", "unknown", "timed out", 3),
        ("/tired", "fine", "", 2),
    ],
)
def test_each_kind_of_answer_is_told_apart(server, page, verdict, detail, times):
    """What is final is asked once, what may pass three times at most."""
    said, why = links.ask(server + page, seconds=0.2, pause=0.001)
    assert said == verdict
    assert why.startswith(detail)
    assert Page.asked.count(page) == times


def test_a_host_that_is_away_is_no_verdict_on_its_link():
    """Nobody listens there; tomorrow somebody may."""
    assert links.ask("http://127.0.0.1:9/", seconds=0.2, pause=0)[0] == "unknown"


@pytest.mark.parametrize(
    ("error", "verdict"), [(socket.EAI_NONAME, "broken"), (socket.EAI_AGAIN, "unknown")]
)
def test_a_host_that_nobody_knows_is_broken(monkeypatch, error, verdict):
    """Unlike one whose name could not be looked up this time."""

    def look_up(*_, **__):
        raise socket.gaierror(error, "as the system words it")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert links.ask("http://gone.example.net/", seconds=0.2, pause=0)[0] == verdict


@pytest.mark.parametrize(
    ("verdicts", "ends"),
    [
        (["fine", "unknown"], 0),
        (["fine", "broken"], 1),
        (["unknown", "broken"], "None of 2 links answered: is the network away?"),
    ],
)
def test_make_links_fails_where_a_link_is_broken(monkeypatch, capsys, verdicts, ends):
    """Without a network every host is one that nobody knows, which says nothing of the links."""
    urls = ["https://a.org", "https://b.org"]
    monkeypatch.setattr(links, "everywhere", lambda _: {url: ["README.md"] for url in urls})
    said = {url: (verdict, "") for url, verdict in zip(urls, verdicts, strict=True)}
    monkeypatch.setattr(links, "answers", lambda _: said)
    with pytest.raises(SystemExit) as end:
        links.main()
    assert end.value.code == ends
    assert ("2 links asked" in capsys.readouterr().out) == (ends in (0, 1))


def test_a_broken_link_is_reported_first_and_with_its_files(server):
    """Whoever mends it knows where; a page that refuses machines is not called broken."""
    where = {server + "/gone": ["README.md", "TEACHING.md"], server + "/refuses": ["a.md"]}
    text, broken = links.report(where, links.answers(where, seconds=0.2, pause=0))
    assert broken
    first, second, last = text.splitlines()
    assert first == f"broken: {server}/gone answers 404 (README.md, TEACHING.md)"
    assert second.startswith("unknown: ")
    assert last == "2 links asked, 0 lead where they say."
    del where[server + "/gone"]
    assert not links.report(where, links.answers(where, seconds=0.2, pause=0))[1]


def test_links_are_read_as_a_reader_reads_them():
    """Without the full stop behind them, with brackets that are their own, and no examples."""
    text = (
        "[a](https://a.org/b), (see https://c.org/d_(e)). <https://f.org>; `https://g.org/h#i`\n"
        "https://mybinder.org/v2/gh/OWNER/REPO https://HUB/x https://course.example.org"
    )
    assert links.addresses(text) == {
        "https://a.org/b",
        "https://c.org/d_(e)",
        "https://f.org",
        "https://g.org/h#i",
    }


def test_pages_and_texts_are_both_asked_about():
    """A source cited by a notebook, and one by the README."""
    where = links.everywhere(links.ROOT)
    assert "README.md" in where["https://nbval.readthedocs.io"]
    assert any(name.endswith(".ipynb") for files in where.values() for name in files)
    assert len(where) > 40


def test_hosts_are_asked_side_by_side_and_pages_of_one_in_turn(monkeypatch):
    """Two hosts wait for each other here, and would for ever if one were asked after the other."""
    both, log = threading.Barrier(2, timeout=30), []

    def ask(url, **_):
        log.append(f"asks {url}")
        if url.endswith("/1"):
            both.wait()
        log.append(f"has {url}")
        return "fine", ""

    monkeypatch.setattr(links, "ask", ask)
    links.answers(["https://a.org/1", "https://a.org/2", "https://b.org/1"])
    assert [line.split("/")[-1] for line in log if "a.org" in line] == ["1", "1", "2", "2"]
