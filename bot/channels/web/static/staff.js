// Every page works without this: one fold of moves open at a time, a form sent once, and no lost text by accident.
// Where the menu is wider than the phone, the page one is on comes into sight.
for (const here of document.querySelectorAll("[aria-current=page]")) here.scrollIntoView({ block: "nearest", inline: "center" });
const folds = [...document.querySelectorAll("details.move")];
for (const fold of folds) {
  fold.addEventListener("toggle", () => {
    if (!fold.open) return;
    folds.filter((other) => other !== fold).forEach((other) => { other.open = false; });
    // All of it comes into sight with its button, or from its top where it is longer than the screen: the first field alone would not do.
    fold.querySelector("input:not([type=hidden]), select, textarea, button")?.focus({ preventScroll: true });
    fold.scrollIntoView({ block: "nearest" });
  });
}
// What must be filled in depends on the outcome: before one is chosen the marks say so, afterwards they are exact.
for (const outcome of document.querySelectorAll("select[name=disposition]")) {
  const marks = [...outcome.form.querySelectorAll("[data-needed]")].map((mark) => [mark, mark.textContent, mark.closest("label")?.control]);
  const follow = () => {
    for (const [mark, undecided, control] of marks) {
      const needed = mark.dataset.needed.split(" ").includes(outcome.value);
      mark.textContent = outcome.value ? mark.dataset.always : undecided;
      mark.hidden = Boolean(outcome.value) && !needed;
      if (control) control.required = needed;
    }
  };
  outcome.addEventListener("change", follow);
  window.addEventListener("pageshow", follow);
  follow();
}
let typed = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[method=post]")) typed = true; });
document.addEventListener("submit", (event) => {
  typed = false;
  // The button may say nothing more once its form is on the way; another press would only be refused.
  event.target.querySelectorAll("button").forEach((button) => { setTimeout(() => { button.disabled = true; }); });
});
window.addEventListener("pageshow", () => { document.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; }); });
window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
