"""Ask every external link of the texts and pages whether it still leads somewhere: `make links`.

A page that is gone (404, 410) or a host that nobody knows is broken; a heading on a page is not
looked for. A page that sends on for good (301, 308) is named, since one day it will stop. One that
refuses machines (401, 403, 429) or does not answer in time says nothing of its link: it is named
as not known, after three tries.
"""

import re
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

ROOT = Path(__file__).resolve().parent.parent
TEXTS = "*.md hub/*.md .github/*.md paper.bib CITATION.cff .zenodo.json smlearn/**/*.py"
# No page to ask for: what stands for another address, and the name of a kind of XML.
NO_PAGE = r"https?://(HUB|[\w.-]*example\.(org|com)|127\.0\.0\.1|localhost|www\.w3\.org/2000)\b"
EXAMPLE = re.compile(NO_PAGE + "|OWNER/REPO")
BROWSER = {"User-Agent": "Mozilla/5.0 (softmax-backwards, make links)", "Accept": "*/*"}
TRIES, SECONDS, PAUSE = 3, 20, 5  # a pause doubles from try to try


def addresses(text: str) -> set[str]:
    """Return the external links in a text, without what is an example of one."""
    found = map(bare, re.findall(r"https?://[^\s<>\"'`\\{}|]+", text))
    return {url for url in found if not EXAMPLE.search(url)}


def bare(url: str) -> str:
    """Take off what belongs to the sentence around a link: a full stop, a bracket."""
    url = url.partition("](")[0].rstrip(".,;:*")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:*")
    return url


def source(path: Path) -> str:
    """Return what is written in a file; of a notebook its cells, not its outputs."""
    if path.suffix != ".ipynb":
        return path.read_text("utf-8")
    return "\n".join(cell.source for cell in nbformat.read(path, 4).cells)


def everywhere(root: Path) -> dict[str, list[str]]:
    """Return each external link with the files it stands in."""
    where = defaultdict(list)
    for pattern in [*TEXTS.split(), "notebooks/*.ipynb"]:
        for path in sorted(root.glob(pattern)):
            for url in sorted(addresses(source(path))):
                where[url].append(path.relative_to(root).as_posix())
    return dict(where)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Notice a move for good, and follow it all the same."""

    def __init__(self) -> None:
        self.moved = ""

    def redirect_request(self, request, body, code, message, headers, url):
        if code in (301, 308):
            self.moved = url
        return super().redirect_request(request, body, code, message, headers, url)


def once(url: str, seconds: float) -> tuple[str, str]:
    """Ask for a page once; return "fine", "moved", "broken" or "unknown", and a detail."""
    stay = _Stay()
    try:
        request = urllib.request.Request(url, headers=BROWSER)
        with urllib.request.build_opener(stay).open(request, timeout=seconds) as page:
            page.read(1)
    except urllib.error.HTTPError as error:
        return ("broken" if error.code in (404, 410) else "unknown"), f"answers {error.code}"
    except urllib.error.URLError as error:
        nobody = isinstance(error.reason, socket.gaierror)
        nobody = nobody and error.reason.errno == socket.EAI_NONAME
        return ("broken" if nobody else "unknown"), str(error.reason)
    except (OSError, ValueError) as error:  # a connection that is cut, a page that hangs
        return "unknown", str(error) or type(error).__name__
    return ("moved", f"moved for good to {stay.moved}") if stay.moved else ("fine", "")


def ask(url: str, *, seconds: float = SECONDS, pause: float = PAUSE) -> tuple[str, str]:
    """Ask until there is an answer, three times at most, with longer and longer pauses."""
    for k in range(TRIES):
        verdict, detail = once(url, seconds)
        if verdict != "unknown" or k == TRIES - 1:
            return verdict, detail
        time.sleep(pause * 2**k)
    return verdict, detail


def ask_host(urls: Iterable[str], **settings) -> dict[str, tuple[str, str]]:
    """Ask for pages of one host, one after the other: many at once look like an attack."""
    return {url: ask(url, **settings) for url in urls}


def answers(urls: Iterable[str], **settings) -> dict[str, tuple[str, str]]:
    """Ask for all pages, several hosts at a time."""
    hosts = defaultdict(list)
    for url in sorted(urls):
        hosts[urlsplit(url).netloc].append(url)
    with ThreadPoolExecutor(8) as pool:
        parts = pool.map(lambda group: ask_host(group, **settings), hosts.values())
        return {url: answer for part in parts for url, answer in part.items()}


def report(where: dict[str, list[str]], found: dict[str, tuple[str, str]]) -> tuple[str, bool]:
    """Return what to print, worst first, and whether a link is broken."""
    lines = []
    for kind in ("broken", "moved", "unknown"):
        for url in sorted(url for url, (verdict, _) in found.items() if verdict == kind):
            lines.append(f"{kind}: {url} {found[url][1]} ({', '.join(where[url])})")
    fine = sum(verdict == "fine" for verdict, _ in found.values())
    lines.append(f"{len(found)} links asked, {fine} lead where they say.")
    return "\n".join(lines), any(verdict == "broken" for verdict, _ in found.values())


def main() -> None:
    where = everywhere(ROOT)
    found = answers(where)
    if not {verdict for verdict, _ in found.values()} & {"fine", "moved"}:
        sys.exit(f"None of {len(found)} links answered: is the network away?")
    text, broken = report(where, found)
    print(text)
    sys.exit(broken)


if __name__ == "__main__":
    main()
