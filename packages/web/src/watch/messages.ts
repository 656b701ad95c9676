/** The texts of the page for parents and inspectors: those of the class page, and its own. */
import { CLASS_MESSAGES } from "../class/messages.ts";

const en = {
  watchTitle: "Open lesson",
  noLink: "This address is not complete. Open the link that the school sent you.",
  watchingUntil: "You can watch until {{time}}.",
  watchingFor: "Watching with {{child}}",
};

const zh: typeof en = {
  watchTitle: "公开课",
  noLink: "链接不完整，请打开学校发给你的完整链接。",
  watchingUntil: "可观看至 {{time}}。",
  watchingFor: "{{child}} 的家长观看中",
};

export const WATCH_MESSAGES = { en: { ...CLASS_MESSAGES.en, ...en }, "zh-CN": { ...CLASS_MESSAGES["zh-CN"], ...zh } };
