/** Refusal texts of the access rules, in English and Chinese. */
import { defineMessages } from "../../platform/messages/message.ts";

export const ruleText = defineMessages("access", {
  "publish-key-needed": {
    en: "A publish key is required: put ?key=KEY behind the stream's name.",
    zh: "需要推流密钥：在流名称后加上 ?key=密钥。",
  },
  "link-needed": { en: "This stream requires a link that was given to you.", zh: "观看这路流需要老师给你的链接。" },
  "link-of-stills": {
    en: "This link opens the still image only.",
    zh: "这个链接只能打开静态画面。",
  },
  "link-of-other-address": {
    en: "This link was made for another connection. Ask for a new one.",
    zh: "这个链接是为另一个连接生成的，请重新索取。",
  },
});
