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

for (const form of document.querySelectorAll("form[data-ask]"))
  form.addEventListener("submit", (event) => confirm(form.dataset.ask) || event.preventDefault());

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
    const files = await dropped(event.dataTransfer).catch(() => null);
    if ("sending" in input.form.dataset) return say(input.form, "前面的文件还在上传：请等结果出来，再拖新的。");
    if (!files) return trouble(input.form, "拖进来的文件或文件夹读不到，没有加进来：请看看能不能打开，再试一次。");
    if (!files.length) return trouble(input.form, "拖进来的里面没有工作簿（.xlsx 文件）。");
    say(input.form, "");
    const isStart = place.dataset.drop === "start";
    choose(input, isStart ? files : [...input.files, ...files]);
    if (isStart && input.files.length) input.form.requestSubmit();
  });
  const told = () => list(place, [input, ...others].flatMap((each) => [...each.files]));
  for (const one of [input, ...others])
    one.addEventListener("change", () => {
      if (one.webkitdirectory) put(one, [...one.files].filter(isWorkbook));
      told();
    });
  window.addEventListener("pageshow", told); // whoever comes back finds the files that were chosen
}
// A file that misses the place must not replace the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

// Put files into a field: each once, the last one where there can be only one.
function choose(input, files) {
  const once = new Map(files.map((file) => [`${file.name}/${file.size}/${file.lastModified}`, file]));
  put(input, [...once.values()].slice(input.multiple ? 0 : -1));
  input.dispatchEvent(new Event("change"));
}

function put(input, files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
}

// Of a folder only these are taken.
function isWorkbook(one) {
  return WORKBOOK.test(one.name) && !LOCK.test(one.name);
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
    if (isNamed || isWorkbook(entry))
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

// What is said of a form, and what went wrong with it.
function say(form, text) {
  const status = form.querySelector("[data-status]");
  status.classList.remove("trouble");
  status.textContent = text;
}

function trouble(form, text) {
  say(form, text);
  const status = form.querySelector("[data-status]");
  status.classList.add("trouble");
  status.scrollIntoView({ block: "nearest" });
}

// Send a form with its files, saying how far it is; then go where the answer is.
function send(form, button) {
  if ("sending" in form.dataset) return;
  const buttons = form.querySelectorAll("button");
  const request = new XMLHttpRequest();
  const fail = (text) => {
    trouble(form, text);
    delete form.dataset.sending;
    for (const one of buttons) one.disabled = false;
  };
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) say(form, `正在上传 ${Math.floor((event.loaded / event.total) * 100)}%`);
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    fail(answer.querySelector("[data-trouble]")?.textContent ?? answer.body.textContent);
  });
  request.addEventListener("error", () => fail("没有发送成功：请确认页面还开着，再试一次。"));
  const data = new FormData(form, button);
  if ("written" in form.dataset)
    for (const field of form.querySelectorAll("textarea")) // another tab may have written the others since
      if (!isChanged(field)) data.delete(field.name);
  form.dataset.sending = "";
  for (const one of buttons) one.disabled = true;
  say(form, "正在上传");
  request.open("POST", form.action);
  request.send(data);
}

// What was written and not sent is not left without asking.
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-written]"))
    if (!("sending" in form.dataset) && [...form.querySelectorAll("textarea")].some(isChanged)) event.preventDefault();
});

// Work under way: what is shown is fetched again until it is done.
const POLL = 500;
const TOLD = 5000;

async function follow(parts) {
  const told = document.querySelector("[data-told]");
  let last = 0;
  for (;;) {
    await new Promise((done) => setTimeout(done, POLL));
    const answer = await fetch(location.href).catch(() => null);
    if (!answer) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelectorAll("[data-work]");
    if (!fresh.length) return location.reload();
    parts.forEach((part, number) => part.replaceChildren(...fresh[number].childNodes));
    if (Date.now() - last > TOLD) {
      told.textContent = document.querySelector("[data-tell]").textContent;
      last = Date.now();
    }
  }
}
const parts = document.querySelectorAll("[data-work]");
if (parts.length) follow(parts);

// Lists that are narrowed down by what is typed.
function narrow(field) {
  const wanted = field.value.trim();
  for (const line of document.querySelectorAll(`#${field.dataset.filter} > li`))
    line.hidden = !line.textContent.includes(wanted);
}
document.addEventListener("input", (event) => event.target.matches("[data-filter]") && narrow(event.target));

// What is chosen in a list changes the page at once; until it has, what is shown belongs to the choice before.
for (const form of document.querySelectorAll("form[data-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const button of document.querySelectorAll("main button")) button.disabled = true;
    renew(form);
  });
}

// Put what belongs to the choice into the page, and leave what was entered there.
let asked = 0;

async function renew(form) {
  const turn = ++asked;
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address).catch(() => null);
  const text = await answer?.text().catch(() => null);
  if (turn !== asked) return;
  if (!answer?.ok || !text) return location.assign(address);
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
    keep(part, fresh);
    part.replaceWith(fresh);
  }
  for (const field of document.querySelectorAll("[data-filter]")) narrow(field);
  for (const button of document.querySelectorAll("main button")) button.disabled = false;
  history.replaceState(null, "", address);
}

// Enter into the fields of one part what the user changed in those of another, as far as there are the same.
function keep(old, fresh) {
  const key = (field) => `${field.name || field.id}/${field.type === "checkbox" ? field.value : ""}`;
  const there = new Map([...fresh.querySelectorAll("input, select")].map((field) => [key(field), field]));
  for (const field of old.querySelectorAll("input, select")) {
    const same = there.get(key(field));
    if (!same || !isChanged(field)) continue;
    if (field.type === "checkbox") same.checked = field.checked;
    else same.value = field.value;
  }
}

function isChanged(field) {
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.type === "select-one") return !field.selectedOptions[0].defaultSelected;
  return field.value !== field.defaultValue;
}

document.querySelector("[data-focus]")?.focus();
