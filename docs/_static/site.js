const root = document.documentElement;

// The first paint is in the reader's theme. The theme's own script says which one that is, but
// later; until then there are no colours, and no borders, which make a line break elsewhere.
if (root.dataset.theme === "auto") {
  root.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

// Each formula keeps the place that it will take until it is set, or the text jumps; where none
// is set in time, its source is there to read.
root.classList.add("unset");
setTimeout(() => root.classList.remove("unset"), 10000);

// A formula wider than its column scrolls by itself: the keyboard, too, must be able to reach it,
// and no other formula, or there are a hundred stops on the way through a page.
let waiting = false;
const reach = () => {
  waiting = false;
  document.querySelectorAll("div.math, mjx-container").forEach((formula) => {
    const wide = formula.clientWidth && formula.scrollWidth > formula.clientWidth + 1;
    if (wide && !formula.closest("[aria-hidden]")) formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
  });
};
const soon = () => {
  if (!waiting) setTimeout(reach, 50);
  waiting = true;
};
addEventListener("resize", soon);
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  soon();
});
