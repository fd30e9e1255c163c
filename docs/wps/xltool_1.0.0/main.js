// The ribbon's callbacks in WPS Spreadsheets: a task pane that is the page of xltool, where that is running.

// Where the running page is noted on Linux; the number is the user's (id -u), the first user of a computer has 1000.
const NOTE_ON_LINUX = "/run/user/1000/xltool/page.json";

const NOT_RUNNING = "xltool 的页面还没有打开：请先双击 xltool 文件夹里的“打开页面”（或运行 xltool serve），再点一次。";
const NO_KEY = "这个版本的 WPS 打不开 xltool 的页面：请直接用浏览器里的页面，双击 xltool 文件夹里的“打开页面”。";

let shown = null; // the pane that is there, and the address of the page in it

function OnAddinLoad() {
  return true;
}

function GetImage() {
  return "icon.svg";
}

async function OnOpenPage() {
  const running = noted();
  if (running === null) {
    alert(NOT_RUNNING);
  } else if (shown !== null && shown.address === running.address) {
    wps.GetTaskPane(shown.pane).Visible = true;
  } else if (globalThis.crypto === undefined || crypto.subtle === undefined) {
    alert(NO_KEY);
  } else {
    const pane = wps.CreateTaskPane(`${running.address}/open?key=${await keyOf(running.token)}`);
    shown = { pane: pane.ID, address: running.address };
    pane.Visible = true;
  }
}

// The page that is running, as it has noted itself for its own user; null if none is.
function noted() {
  const roaming = wps.Env.GetAppDataPath();
  const note = /Roaming[\\/]?$/.test(roaming)
    ? roaming.replace(/Roaming[\\/]?$/, "Local/xltool/page/page.json")
    : NOTE_ON_LINUX;
  if (!wps.FileSystem.Exists(note)) {
    return null;
  }
  const running = JSON.parse(wps.FileSystem.ReadFile(note));
  return /^http:\/\/127\.0\.0\.1:\d+$/.test(running.address) ? running : null;
}

// A key that opens the page once, within a minute: what xltool/page/keys.py makes of the token.
async function keyOf(token) {
  const ticket = `${Math.floor(Date.now() / 1000)}-${hexadecimal(crypto.getRandomValues(new Uint8Array(8)))}`;
  const bytes = (text) => new TextEncoder().encode(text);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const secret = await crypto.subtle.importKey("raw", bytes(token), algorithm, false, ["sign"]);
  return `${ticket}-${hexadecimal(new Uint8Array(await crypto.subtle.sign("HMAC", secret, bytes(ticket))))}`;
}

function hexadecimal(numbers) {
  return Array.from(numbers, (number) => number.toString(16).padStart(2, "0")).join("");
}
