// Runs before the first paint, so that a chosen colour scheme does not flash. Without it the system's is used.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be closed to us: the system's colours are then right.
  }
})();
