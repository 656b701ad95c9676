/** Lists the refusal texts of the server of pages, in English and Chinese. */
import { defineMessages } from "../../platform/messages/message.ts";

export const pageText = defineMessages("pages", {
  "not-from-there": { en: "This stream cannot be opened from the page that led here.", zh: "不能从之前的页面打开这路流。" },
  "no-documents": {
    en: "The documents are not made. Run script/docs, which makes them, and start the server again.",
    zh: "文档尚未生成，请运行 script/docs 并重新启动服务器。",
  },
  "not-built": { en: "The pages are not built. Run script/up, which builds them.", zh: "网页尚未构建，请运行 script/up。" },
});
