// Proposals while somebody types are loaded once somebody does: most visitors never search.
document.getElementById("q").addEventListener("focus", ({ target: { form: { dataset } } }) => {
  const add = (name, facts) => document.head.append(Object.assign(document.createElement(name), facts));
  add("link", { rel: "stylesheet", href: dataset.look });
  add("script", { src: dataset.proposals });
  if (!window.htmx) add("script", { src: dataset.htmx });
}, { once: true });
