// Reading with the keyboard: papers are reached by moving the focus, so that everything else works from there.

const papers = () => [...document.querySelectorAll("[data-paper]")];
const current = () => document.activeElement?.closest("[data-paper]");
const title = (paper) => paper?.querySelector("h3 a");

function move(step) {
  const all = papers();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = at < 0 ? firstInView(all, step) : all[Math.min(all.length - 1, Math.max(0, at + step))];
  title(next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function firstInView(all, step) {
  const seen = all.filter((one) => one.getBoundingClientRect().bottom > 0);
  return step > 0 ? (seen[0] ?? all[0]) : all[Math.max(0, all.indexOf(seen[0]) - 1)];
}

function follow(selector) {
  document.querySelector(selector)?.click();
}

export function unfold(paper) {
  paper?.querySelector("[data-fold]")?.classList.toggle("unfolded");
}

const dialog = () => document.getElementById("key-list");

const actions = {
  j: () => move(1),
  k: () => move(-1),
  o: () => title(current())?.click(),
  e: () => unfold(current()),
  d: () => (current() ?? document).querySelector("[data-pdf]")?.click(),
  n: () => follow(".pager a[rel=next]"),
  p: () => follow(".pager a[rel=prev]"),
  "[": () => follow("[data-earlier]"),
  "]": () => follow("[data-later]"),
  v: () => follow("[data-view]"),
  t: () => document.getElementById("theme")?.click(),
  "/": () => document.getElementById("q")?.select(),
  "?": () => dialog()?.showModal(),
};

function typing(target) {
  return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (dialog()?.open) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.getElementById("open-keys")?.addEventListener("click", (event) => {
  event.preventDefault();
  dialog().showModal();
});

// A click on a folded abstract unfolds it, unless words were being marked or a link was meant.
document.addEventListener("click", (event) => {
  const fold = event.target.closest("[data-fold]");
  if (fold && !event.target.closest("a") && !String(getSelection())) fold.classList.toggle("unfolded");
});
