// A file that is too large is said to be so before it is sent: the server would end the connection.
for (const field of document.querySelectorAll("input[type=file][data-most]")) {
  field.addEventListener("change", () => {
    const large = [...field.files].some((file) => file.size > Number(field.dataset.most));
    field.setCustomValidity(large ? field.dataset.said : "");
    field.reportValidity();
  });
}
