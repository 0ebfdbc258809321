"""What ipywidgets leaves out for a screen reader and for the arrow keys, added in the browser.

A slider of ipywidgets has no name, and says its position where the box beside it says the number:
-0.6000000000000001 for T = 0.25. JupyterLab takes the arrow keys from a list, to move to the next
cell. A line whose element is replaced at each change is read out by nobody. Escape does nothing in
a box. No option of ipywidgets changes any of this. So a picture of one pixel comes with a view,
and, once it is loaded, gives attributes to what stands around it. Where a page lets no script run,
the views work without them; each box has its name from ipywidgets.
"""

from .._html import join, tag

__all__ = ["DARK", "HOOK", "POWERS", "STATUS", "VIEW", "WRONG"]

VIEW, STATUS = "smlearn-view", "smlearn-status"        # classes of widgets that the script finds
POWERS, WRONG = "smlearn-powers", "smlearn-wrong"      # a slider of powers of 10; a box refused
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

# ipywidgets draws a view piece by piece, and then each piece again as it changes: hence the
# observer. A slider under a hand says where it stands, any other the number in its box, which may
# lie between two steps. Escape puts back the number that a refused box names as its last, or the
# one that stood there before a hand began to type.
SCRIPT = """(async () => {
    let view, moved;
    for (let n = 0; !(view = this.closest(".smlearn-view")) && n !== 200; n++)
        await new Promise(done => setTimeout(done, 50));
    const say = (node, name, text) =>
        node.getAttribute(name) === text || node.setAttribute(name, text);
    const mend = () => {
        for (const node of view.querySelectorAll(".smlearn-status .widget-html-content"))
            say(node, "role", "status");
        for (const one of view.querySelectorAll("select, input"))
            say(one, "data-lm-suppress-shortcuts", "true");
        for (const handle of view.querySelectorAll(".noUi-handle")) {
            const row = handle.closest(".widget-hbox"), box = row.querySelector("input");
            if (!box) continue;
            say(handle, "aria-label", box.labels[0].textContent);
            say(box, "aria-invalid", String(!!box.closest(".smlearn-wrong")));
            if (handle !== moved) say(handle, "aria-valuetext", box.value);
        }
        seen.takeRecords();
    };
    const seen = new MutationObserver(changes => {
        for (const {target, type} of changes)
            if (type === "attributes" && target === document.activeElement) {
                moved = target;
                const at = Number(target.getAttribute("aria-valuetext"));
                const powers = target.closest(".smlearn-powers");
                const text = String(Number((powers ? 10 ** at : at).toPrecision(6)));
                target.setAttribute("aria-valuetext", text);
            }
        mend();
    });
    const look = {childList: true, subtree: true, attributeFilter: ["aria-valuetext"]};
    seen.observe(view, look);
    let held;
    for (const event of ["focusin", "change"])
        view.addEventListener(event, e => { held = e.target.value; moved = null; mend(); });
    view.addEventListener("keydown", e => {
        const row = e.target.closest(".widget-hbox"), box = row && row.querySelector("input");
        const wrong = box && box.closest(".smlearn-wrong");
        if (e.key !== "Escape" || !(wrong || box === e.target)) return;
        e.preventDefault();
        box.value = wrong ? box.placeholder : held;
        box.dispatchEvent(new Event("change", {bubbles: true}));
    }, true);
    mend();
})()"""

# In a dark theme of JupyterLab a drawing turns dark with the page: light and dark change places,
# hues stay. Nothing else of a page says which theme it wears, and stored pictures stay on paper.
DARK = """body[data-jp-theme-light=false] .smlearn-view svg {
    filter: invert(0.93) hue-rotate(180deg);
}"""

HOOK = join(tag("style", DARK), tag("img", alt="", src=PIXEL, onload=SCRIPT))
