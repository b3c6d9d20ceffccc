// A picture is dragged onto another one's place. The buttons do the same, and stay.
"use strict";
for (const list of document.querySelectorAll("[data-send-to]")) {
  let dragged = null;
  const item = (event) => event.target.closest("[data-picture]");
  const clear = () => list.querySelectorAll("[data-target]").forEach((one) => one.removeAttribute("data-target"));
  list.addEventListener("dragstart", (event) => {
    dragged = item(event);
    dragged.setAttribute("data-dragged", "");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.picture);
  });
  list.addEventListener("dragover", (event) => {
    const over = item(event);
    if (!dragged || !over) return;
    event.preventDefault();
    clear();
    if (over !== dragged) over.setAttribute("data-target", "");
  });
  list.addEventListener("dragend", () => {
    clear();
    dragged?.removeAttribute("data-dragged");
    dragged = null;
  });
  list.addEventListener("drop", (event) => {
    const over = item(event);
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const form = document.createElement("form");
    form.method = "post";
    form.action = list.dataset.sendTo;
    const said = {
      csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value,
      do: "move",
      picture: dragged.dataset.picture,
      to: [...list.children].indexOf(over),
    };
    for (const [name, value] of Object.entries(said)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  });
}
