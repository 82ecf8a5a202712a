// Keys for everything on the page, and focus where the reader is. The pages work without it.
"use strict";

let busy = false; // between an answer and the next item a key would label what nobody has read yet

const keysOff = () => localStorage.getItem("temper-keys") === "off";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape") focusItem();
    return;
  }
  if (keysOff() || event.key.length !== 1) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted || wanted.disabled) return;
  event.preventDefault();
  if (busy || event.repeat) return; // a key held down is one answer, not ten
  if (wanted.matches("textarea")) wanted.focus();
  else wanted.click();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle]");
  if (!button) return;
  const on = button.getAttribute("aria-pressed") !== "true";
  if (button.dataset.toggle === "blur") {
    document.body.classList.toggle("blur", on);
    document.cookie = `blur=${on ? "on" : "off"}; path=/; max-age=2592000; samesite=lax`;
  } else {
    localStorage.setItem("temper-keys", on ? "on" : "off");
    document.body.classList.toggle("no-keys", !on);
  }
  button.setAttribute("aria-pressed", String(on));
});

function focusItem() {
  const item = document.querySelector("[data-focus]");
  if (item) item.focus({ preventScroll: true });
}

function say(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  status.classList.add("problem");
}

function ready() {
  document.body.classList.add("scripts");
  document.body.classList.toggle("no-keys", keysOff());
  for (const button of document.querySelectorAll("[data-toggle=keys]")) {
    button.setAttribute("aria-pressed", String(!keysOff()));
  }
  for (const button of document.querySelectorAll("[data-toggle=blur]")) {
    button.setAttribute("aria-pressed", String(document.body.classList.contains("blur")));
  }
}

const isAnswer = (event) => event.detail.target && event.detail.target.id === "main";

document.addEventListener("htmx:beforeRequest", (event) => {
  if (isAnswer(event)) busy = true;
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "main") return;
  busy = false;
  document.getElementById("status").classList.remove("problem");
  ready();
  focusItem();
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    busy = false;
    const answer = event.detail.xhr && event.detail.xhr.responseText;
    say(answer || "The server does not answer. Your answer is not stored yet: try again in a moment.");
  });
}

ready();
if (document.activeElement === document.body) focusItem();
