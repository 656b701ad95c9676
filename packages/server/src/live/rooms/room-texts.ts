/** Lists the texts of what workers refuse to people in rooms, in English and Chinese: it is about what they do themselves, never about their address. */
import { defineMessages } from "../../platform/messages/message.ts";

export const roomMessage = defineMessages("room", {
  "own-messages": { en: "You are sending too much at once. Wait a moment.", zh: "你发送得太快，请稍等片刻。" },
  "own-connections": {
    en: "You have this class open too many times. Close it elsewhere first.",
    zh: "你打开这个课堂的次数太多，请先关闭其他页面。",
  },
});
