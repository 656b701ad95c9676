/**
 * What is shown when Lectern cannot be reached. It looks again by itself, and gives way to the page that was asked for. It shares no file
 * with other pages, so that all of it can be kept.
 */

const WORDS = {
  en: {
    title: "No connection",
    words:
      "This device cannot reach Lectern at present. It tries again by itself; nothing is lost. Look whether Wi-Fi or mobile data are on.",
    again: "Try now",
  },
  "zh-CN": {
    title: "没有连接",
    words: "这台设备目前无法连接 Lectern。页面会自动重试，不会丢失任何内容。请检查 Wi-Fi 或移动数据是否已打开。",
    again: "立即重试",
  },
};
const LOOK_EVERY_MS = 4000;

const language = (localStorage.getItem("lectern.language") ?? navigator.language).startsWith("zh") ? "zh-CN" : "en";
const { title, words, again } = WORDS[language];
document.documentElement.lang = language;
document.title = title;
write("h1", title);
write("p", words);
write("button", again).addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
setInterval(async () => {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}, LOOK_EVERY_MS);

function write(selector: string, text: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector) ?? document.body;
  element.textContent = text;
  return element;
}
