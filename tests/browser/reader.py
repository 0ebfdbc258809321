"""One notebook, open in JupyterLab: what a reader does with it, and what there is to see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from playwright.sync_api import ElementHandle, Locator, Page

OUTPUT = ".jp-Notebook .jp-OutputArea-output"
OURS = [".jp-Notebook .jp-MarkdownOutput", OUTPUT]  # what the course makes, not JupyterLab
PAGE = 4000
RULES = ["image-alt", "label", "heading-order", "color-contrast"]  # of a page of the course
READY = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
}"""
RUN_ALL = """async () => {
    const app = window.jupyterapp;
    const cells = app.shell.currentWidget.content.widgets.filter(c => c.model.type === "code");
    await app.commands.execute("notebook:run-all-cells");
    await Promise.all(cells.map(c => c.outputArea.future && c.outputArea.future.done));
    return cells.every(c => c.model.executionCount > 0);
}"""
# Nothing moves any more: for six frames every cell is as high, as wide and of the same colours.
STILL = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const look = () => JSON.stringify([document.body,
        ...document.querySelectorAll(".jp-Notebook .jp-Cell, .jp-Notebook .jp-OutputArea-output"),
    ].map(e => {
        const style = getComputedStyle(e);
        return [e.offsetHeight, e.offsetWidth, style.color, style.backgroundColor];
    }));
    await document.fonts.ready;
    for (let before = "", same = 0, frames = 0; same < 6; frames++) {
        if (frames === 1200) throw new Error("the page does not come to rest");
        await frame();
        const now = look();
        [before, same] = [now, now === before ? same + 1 : 0];
    }
}"""
WATCH_HEIGHTS = f"""() => {{
    window.heights = new Map();
    const seen = new ResizeObserver(entries => {{
        for (const e of entries) {{
            const known = window.heights.get(e.target) || new Set();
            window.heights.set(e.target, known.add(Math.round(e.contentRect.height)));
        }}
    }});
    document.querySelectorAll("{OUTPUT}").forEach(e => seen.observe(e));
}}"""
AXE = """async ([ours, rules]) => {
    const include = ours.filter(s => document.querySelector(s)).map(s => [s]);
    const found = await axe.run(
        {include}, rules ? {runOnly: {type: "rule", values: rules}} : {});
    const judged = [...found.passes, ...found.violations].filter(v => v.id === "color-contrast");
    return [
        found.violations.flatMap(v => v.nodes.map(
            n => `${v.id}: ${n.html.slice(0, 160)} (${n.failureSummary})`)),
        judged.flatMap(v => v.nodes).length,
    ];
}"""


class Notebook:
    """A page of JupyterLab with one notebook on it."""

    def __init__(self, page: Page, lab: str, name: str):
        self.page, self.name = page, name
        self.errors: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._note_error)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_stranger)
        page.goto(f"{lab}/tree/{name}?token=t&reset")
        page.wait_for_function("window.jupyterapp && window.jupyterapp.shell.currentWidget")
        page.evaluate(READY)
        page.wait_for_selector(".jp-Notebook .jp-Cell")

    def _note_error(self, message) -> None:
        """Note what is wrong; JupyterLab asks for an attachment by its name, then finds it."""
        if message.type == "error" and not message.location["url"].startswith("attachment:"):
            self.errors.append(message.text)

    def _note_stranger(self, request) -> None:
        local = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "attachment:")
        if not request.url.startswith(local):
            self.strangers.append(request.url)

    # ---- what a reader does

    def run_all(self) -> bool:
        """Run all cells, wait for the last, and say whether each of them ran."""
        done = self.page.evaluate(RUN_ALL)
        self.page.wait_for_timeout(500)  # widgets are drawn after their cell is done
        return done

    def still(self) -> None:
        """Wait until nothing on the page moves any more."""
        self.page.evaluate(STILL)

    def theme(self, name: str) -> None:
        """Take "Light" or "Dark", and wait until the page wears it."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {name}",
        )
        light = "true" if name == "Light" else "false"
        wanted = f'body[data-jp-theme-light="{light}"]'
        self.page.wait_for_selector(wanted, state="attached")
        self.still()  # its style sheet

    def answer(self, task: str, line: str, new: str) -> str:
        """Type over a line of the cell that holds `task`, run it, and return what it shows."""
        cell = self.page.locator(".jp-CodeCell", has_text=task)
        cell.locator(".cm-line", has_text=re.compile(f"^{re.escape(line)}")).click()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.type(new)
        ran = "window.jupyterapp.shell.currentWidget.content.activeCell.outputArea.future.done"
        self.page.keyboard.press("Control+Enter")
        self.page.evaluate(f"async () => {{ await {ran}; }}")
        return self.shown(task)

    def shown(self, task: str) -> str:
        """Return what stands below the cell that holds `task`, with single spaces."""
        cell = self.page.locator(".jp-CodeCell", has_text=task)
        return " ".join(" ".join(cell.locator(".jp-OutputArea-output").all_inner_texts()).split())

    def save(self) -> None:
        """Save the notebook where the server has it."""
        self.page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")

    def close(self) -> None:
        """Stop the kernel, and leave the page: what stays open slows the pages after it."""
        if not self.page.is_closed():
            self.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
            self.page.close()

    # ---- what there is to see

    def trusted(self) -> list[bool]:
        """Say of each code cell with outputs whether JupyterLab trusts them."""
        return self.page.evaluate(
            "window.jupyterapp.shell.currentWidget.content.widgets"
            ".filter(c => c.model.type === 'code' && c.model.outputs.length)"
            ".map(c => c.model.trusted)"
        )

    def figures(self) -> list[str]:
        """Return the alt texts of the figures that are really shown, top to bottom."""
        shown = "images => images.filter(i => i.complete && i.naturalWidth && i.offsetHeight)"
        return self.page.eval_on_selector_all(
            f"{OUTPUT} figure img:first-child", f"{shown}.map(i => i.alt)"
        )

    def problems(self) -> list[str]:
        """Return the tracebacks and the words on stderr that are on the page."""
        wrong = [f'[data-mime-type="application/vnd.jupyter.{k}"]' for k in ("error", "stderr")]
        return self.page.locator(", ".join(wrong)).all_inner_texts()

    def heights(self) -> list[int]:
        """Return how high each output is."""
        return self.page.eval_on_selector_all(OUTPUT, "all => all.map(e => e.offsetHeight)")

    def watch_heights(self) -> None:
        """Begin to note every height that an output takes."""
        self.page.evaluate(WATCH_HEIGHTS)

    def jumps(self) -> list[list[int]]:
        """Return the heights of each output that has had more than one since it was watched."""
        self.page.wait_for_timeout(100)
        return self.page.evaluate(
            "[...window.heights.values()].map(known => [...known]).filter(all => all.length > 1)"
        )

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Make the window so high that the whole notebook is in sight.

        JupyterLab's body is 0 pixels high and hides what overflows it, by which axe would take
        every word for hidden, and judge the colours of none.
        """
        size = self.page.viewport_size
        high = self.page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": high + 150})
        self.page.evaluate(
            """() => {
                document.body.style.height = "100vh";
                document.querySelector(".jp-WindowedPanel-outer").scrollTop = 0;
            }"""
        )
        self.still()
        yield
        self.page.set_viewport_size(size)

    def axe(self, picture: Path | None = None, rules: list[str] | None = RULES) -> list[str]:
        """Return what axe-core has against what the course made; None for all its rules.

        Keep a picture of the whole notebook, if told where.
        """
        if not self.page.evaluate("!!window.axe"):
            source = files("axe_playwright_python").joinpath("axe.min.js")
            self.page.evaluate(source.read_text("utf-8"))
        with self.whole():
            found, judged = self.page.evaluate(AXE, [OURS, rules])
            if picture:
                self._shoot(picture)
        texts = self.page.locator(OURS[0]).count()
        assert judged >= texts, f"axe judged {judged} colours on a page with {texts} texts"
        return found

    def _shoot(self, picture: Path) -> None:
        """Keep pictures of the whole notebook, PAGE pixels each: Chromium draws no higher ones."""
        picture.parent.mkdir(parents=True, exist_ok=True)
        sheet = self.page.locator(".jp-NotebookPanel-notebook").bounding_box()
        for number, top in enumerate(range(0, int(sheet["height"]), PAGE), 1):
            rest = min(PAGE, sheet["height"] - top)
            self.page.screenshot(
                path=picture.with_stem(f"{picture.stem}_{number}"),
                clip=sheet | {"y": sheet["y"] + top, "height": rest},
            )

    # ---- live views

    def pictures_in_text(self) -> list[str]:
        """Return the alt texts of the pictures in the text that are really shown."""
        shown = "images => images.filter(i => i.complete && i.naturalWidth && i.offsetHeight)"
        return self.page.eval_on_selector_all(".jp-MarkdownOutput img", f"{shown}.map(i => i.alt)")

    def views(self) -> list[Locator]:
        """Return the live views, top to bottom."""
        return self.page.locator(f"{OUTPUT} .smlearn-view").all()


def row(view: Locator, name: str) -> Locator:
    """Return the row of a view whose number has that name."""
    return view.locator(".widget-hbox", has=view.page.get_by_text(name, exact=True))


def control(view: Locator, name: str) -> Locator:
    """Return what a hand turns: the slider of that name, or the list."""
    return view.locator(".noUi-handle, select").and_(view.page.get_by_label(name, exact=True))


def words(view: Locator) -> str:
    """Return a view's line of numbers."""
    return view.locator("[role=status]").inner_text()


def press(view: Locator, name: str, key: str, times: int = 1) -> None:
    """Focus the slider or list of that name and press a key; return when the words settle."""
    control(view, name).focus()
    for _ in range(times):
        view.page.keyboard.press(key)
    settle(view)


def settle(view: Locator) -> None:
    """Wait until the words have stayed the same for a while."""
    before, same = words(view), 0
    while same < 4:
        view.page.wait_for_timeout(75)
        now = words(view)
        before, same = now, same + 1 if now == before else 0


def focused(page: Page) -> ElementHandle:
    """Return what has the focus."""
    return page.evaluate_handle("document.activeElement").as_element()
