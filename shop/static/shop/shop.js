// What a page does besides what it does without a script. Each part is asked for by an attribute.
"use strict";

const seen = (text, tone) => {
  const note = document.createElement("p");
  note.className = `note note-${tone}`;
  note.textContent = text;
  news().replaceChildren(note);
};
const news = () => document.getElementById("news");
// News is read and goes. What went wrong stays until the next.
let fading;
const fade = () => {
  clearTimeout(fading);
  if (!news().querySelector(".note-error")) fading = setTimeout(() => news().replaceChildren(), 8000);
};

// A form with data-in-place changes the page it stands on: the parts that its answer has, by id.
// A double click is one press. What is refused is sent once more as a form, and the shop says why.
// After so long nothing is waited for. What the shop did by then, only the cart can say.
const TWICE = 500; // milliseconds
const LONGEST = 15_000; // milliseconds
const pressed = new WeakMap();
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-in-place]")) return;
  event.preventDefault();
  const last = pressed.get(form) ?? -TWICE;
  if (last === "under way" || event.timeStamp - last < TWICE) return;
  pressed.set(form, "under way");
  form.setAttribute("aria-busy", "true");
  try {
    const body = new FormData(form);
    const answer = await fetch(form.action, {
      method: "POST", body, headers: { "X-In-Place": "1" }, signal: AbortSignal.timeout?.(LONGEST),
    });
    if (answer.redirected && answer.ok) return location.assign(answer.url); // taken, by another release
    if (!answer.ok) return form.submit();
    const changed = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of changed.querySelectorAll("[id]")) {
      const here = document.getElementById(part.id);
      if (here?.matches("[role=status]")) here.replaceChildren(...part.childNodes);
      else here?.replaceWith(part);
    }
    fade();
  } catch {
    seen("The shop did not answer. Please look into your cart before you try again.", "error");
  } finally {
    pressed.set(form, event.timeStamp);
    form.removeAttribute("aria-busy");
  }
});

// A button with data-busy says so once it is pressed, and is not pressed twice. It comes back when
// no answer does, and when the page does.
const PATIENCE = 30_000; // milliseconds: twice as long as the shop waits for a bank
const rest = (button) => {
  if (!button.dataset.rest) return;
  button.textContent = button.dataset.rest;
  button.removeAttribute("aria-disabled");
  delete button.dataset.rest;
};
document.addEventListener("submit", (event) => {
  const button = event.submitter ?? event.target.querySelector("[data-busy]");
  if (!button?.dataset.busy || event.defaultPrevented) return;
  if (button.dataset.rest) return event.preventDefault();
  button.dataset.rest = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute("aria-disabled", "true");
  setTimeout(rest, PATIENCE, button);
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("[data-rest]").forEach(rest);
});

// "in 63 s" counts down: by so many seconds as have passed since the shop said it, whatever the
// clock here says. It is words, and no live region: nobody is read it each second.
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const begun = new WeakMap();
const words = (seconds) => {
  if (seconds < 1) return "now";
  if (seconds < 100) return `in ${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `in ${Math.round(minutes)} min` : `in ${Math.round(minutes / 60)} h`;
};
const tick = () => {
  for (const wait of document.querySelectorAll("[data-seconds]")) {
    const said = `${wait.dataset.seconds} ${wait.dataset.due}`;
    if (begun.get(wait)?.said !== said) begun.set(wait, { said, at: Date.now() });
    const given = Number(wait.dataset.seconds);
    const left = given - (Date.now() - begun.get(wait).at) / 1000;
    const shown = CALM.matches && left >= 1 ? Math.min(given, Math.ceil(left / 10) * 10) : left;
    if (wait.textContent !== words(shown)) wait.textContent = words(shown);
    const spoken = wait.parentElement.querySelector("[data-spoken]");
    if (spoken && left < 1 && spoken.textContent !== "now") spoken.textContent = "now";
  }
};
if (document.querySelector("[data-seconds], #live")) setInterval(tick, 1000);
