// What makes the page quicker to use; every form and link works without it.
"use strict";

document.documentElement.classList.add("js");

const ALIVE = new URL("../alive", document.currentScript.src);
const BEAT = 20000;

function beat() {
  fetch(ALIVE, { method: "POST" }).catch(() => {
    document.body.classList.add("gone");
  });
}
beat();
setInterval(beat, BEAT);
// A page that is out of sight may be frozen unless it holds a lock; frozen, it would no longer say that it is open.
navigator.locks?.request("open", { mode: "shared" }, () => new Promise(() => {}));

const WORKBOOK = /\.(xlsx|xlsm|xls|et)$/i;
const LOCK = /^(~\$|\.)/;

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, event.submitter);
  });
}

for (const place of document.querySelectorAll("[data-drop]")) {
  const [input, ...others] = place.querySelectorAll("input[type=file]");
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.classList.add("over");
  });
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", async (event) => {
    event.preventDefault();
    place.classList.remove("over");
    const files = await dropped(event.dataTransfer);
    const isStart = place.dataset.drop === "start";
    choose(input, isStart ? files : [...input.files, ...files]);
    if (isStart && input.files.length) input.form.requestSubmit();
  });
  for (const one of [input, ...others])
    one.addEventListener("change", () => list(place, [input, ...others].flatMap((each) => [...each.files])));
}
// A file that misses the place must not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

// Put files into a field: each once, the last one where there can be only one.
function choose(input, files) {
  const once = new Map(files.map((file) => [`${file.name}/${file.size}/${file.lastModified}`, file]));
  const all = new DataTransfer();
  for (const file of [...once.values()].slice(input.multiple ? 0 : -1)) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change"));
}

function list(place, files) {
  const names = files.map((file) => file.name);
  const shown = names.slice(0, 5).join("、") + (names.length > 5 ? ` 等 ${names.length} 个` : "");
  place.querySelector("[data-chosen]").textContent = names.length ? `已选：${shown}` : "";
}

// The files that were dropped; of a folder, the workbooks in it and in its folders.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await collect(entry, found, true);
  return found;
}

async function collect(entry, found, isNamed) {
  if (entry.isFile) {
    if (isNamed || (WORKBOOK.test(entry.name) && !LOCK.test(entry.name)))
      found.push(await new Promise((done, fail) => entry.file(done, fail)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return;
    for (const one of some) await collect(one, found, false);
  }
}

// Send a form with its files, saying how far it is; then go where the answer is.
function send(form, button) {
  const status = form.querySelector("[data-status]");
  const buttons = form.querySelectorAll("button");
  const request = new XMLHttpRequest();
  const say = (text) => (status.textContent = text);
  const fail = (text) => {
    say(text);
    status.classList.add("trouble");
    for (const one of buttons) one.disabled = false;
  };
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) say(`正在上传 ${Math.floor((event.loaded / event.total) * 100)}%`);
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    fail(answer.querySelector("[data-trouble]")?.textContent ?? answer.body.textContent);
  });
  request.addEventListener("error", () => fail("没有发送成功：请确认页面还开着，再试一次。"));
  const data = new FormData(form, button);
  for (const one of buttons) one.disabled = true;
  status.classList.remove("trouble");
  say("正在上传");
  request.open("POST", form.action);
  request.send(data);
}

// Work under way: what is shown is fetched again until it is done.
const POLL = 500;
const TOLD = 5000;

async function follow(work) {
  const told = document.querySelector("[data-told]");
  let last = 0;
  for (;;) {
    await new Promise((done) => setTimeout(done, POLL));
    const answer = await fetch(location.href).catch(() => null);
    if (!answer) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-work]");
    if (!fresh) return location.reload();
    work.replaceChildren(...fresh.childNodes);
    if (Date.now() - last > TOLD) {
      told.textContent = work.querySelector("[data-tell]").textContent;
      last = Date.now();
    }
  }
}
const work = document.querySelector("[data-work]");
if (work) follow(work);

// Lists that are narrowed down by what is typed.
for (const field of document.querySelectorAll("[data-filter]")) {
  const lines = document.querySelectorAll(`#${field.dataset.filter} > li`);
  field.addEventListener("input", () => {
    const wanted = field.value.trim();
    for (const line of lines) line.hidden = !line.textContent.includes(wanted);
  });
}

// What is chosen in a list changes the page at once; until it has, what is shown belongs to the choice before.
for (const form of document.querySelectorAll("form[data-change]"))
  form.addEventListener("change", () => {
    if (!form.reportValidity()) return;
    for (const button of document.querySelectorAll("main button")) button.disabled = true;
    form.requestSubmit();
  });

document.querySelector("[data-focus]")?.focus();
