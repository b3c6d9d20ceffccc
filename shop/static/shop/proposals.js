// What is proposed while somebody types: counted aloud, reached by keys, closed.
(() => {
  const [box, list, said] = ["q", "suggestions", "suggested"].map((id) => document.getElementById(id));
  const form = box.form, links = () => list.querySelectorAll("a");
  const close = () => list.replaceChildren();

  new MutationObserver(() => {
    if (!form.contains(document.activeElement)) close();
    said.textContent = links().length ? `Suggestions below: ${links().length - 1}` : "";
  }).observe(list, { childList: true });
  form.addEventListener("keydown", (event) => {
    const stops = [box, ...links()], step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
    if (stops.length < 2 || step === undefined) return;
    event.preventDefault();
    const at = step ? stops.indexOf(document.activeElement) + step : 0;
    if (!step) close();
    stops.at(at % stops.length).focus();
  });
  // Safari gives no focus to a link that is pressed: then it goes nowhere.
  form.addEventListener("focusout", ({ relatedTarget: to }) => to && !form.contains(to) && close());
  document.addEventListener("pointerdown", ({ target }) => form.contains(target) || close());
})();
