// A formula wider than its column scrolls by itself: the keyboard, too, must be able to reach it.
const reachable = () => document.querySelectorAll('mjx-container[overflow="scroll"]:not([tabindex])')
  .forEach((formula) => { formula.tabIndex = 0; });
document.addEventListener("DOMContentLoaded", () => {
  new MutationObserver(reachable).observe(document.body, { childList: true, subtree: true });
  reachable();
});
