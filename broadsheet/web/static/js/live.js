// Small conveniences that need a browser: colours, copying, and what to do when a fragment cannot be fetched.

const root = document.documentElement;
const themes = ["auto", "light", "dark"];

function theme() {
  return root.dataset.theme ?? "auto";
}

function showTheme() {
  document.getElementById("theme-now").textContent = theme()[0].toUpperCase() + theme().slice(1);
}

function nextTheme() {
  const next = themes[(themes.indexOf(theme()) + 1) % themes.length];
  if (next === "auto") delete root.dataset.theme;
  else root.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // The choice then lasts as long as the page.
  }
  showTheme();
}

const button = document.getElementById("theme");
button.hidden = false;
button.addEventListener("click", nextTheme);
showTheme();

function say(words) {
  document.getElementById("announce").textContent = words;
}

async function copy(event) {
  const asked = event.target.closest("[data-copy]");
  if (!asked) return;
  const source = document.getElementById(asked.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    asked.textContent = "Copied";
    say("Copied");
  } catch {
    // Without leave to write to the clipboard the text is marked, ready for the reader's own copy key.
    getSelection().selectAllChildren(source);
    say("Marked: copy it with your keyboard");
  }
}

function offerCopying() {
  for (const one of document.querySelectorAll("[data-copy]")) one.hidden = false;
}

offerCopying();
document.addEventListener("click", copy);
document.addEventListener("htmx:afterSwap", offerCopying);

// An error page is a page too: show what the server says instead of nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status >= 400) event.detail.shouldSwap = true;
});

document.addEventListener("htmx:sendError", () => say("The server does not answer. Try again in a moment."));

// Typing on keeps the filters that were chosen; what is empty is not sent.
document.addEventListener("htmx:configRequest", (event) => {
  const asked = event.detail.parameters;
  const filters = document.getElementById("found-filters");
  if (filters && event.detail.elt.matches(".find")) {
    for (const [name, value] of new FormData(filters)) if (name !== "q") asked[name] = value;
  }
  for (const [name, value] of Object.entries(asked)) if (value === "") delete asked[name];
});
