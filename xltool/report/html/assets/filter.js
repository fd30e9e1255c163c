// Shows the findings of one severity. Without it all are shown, and the choice is not.
"use strict";
for (const choice of document.querySelectorAll(".filter")) {
  choice.hidden = false;
  choice.addEventListener("click", (event) => {
    const chosen = event.target.closest("button");
    if (!chosen) return;
    for (const button of choice.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    for (const one of document.querySelectorAll("[data-kind]")) {
      one.hidden = chosen.value !== "" && one.dataset.kind !== chosen.value;
    }
    for (const part of document.querySelectorAll("section:not(.workbook), details.group")) {
      if (part.querySelector("article")) part.hidden = !part.querySelector("article:not([hidden])");
    }
  });
}
