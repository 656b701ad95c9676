/** What access rules and the API say when they refuse. */
import { defineMessages } from "../platform/messages/message.ts";

export const accessText = defineMessages("access", {
  "publish-key-needed": {
    en: "A publish key is required: put ?key=KEY behind the stream's name.",
    zh: "需要推流密钥：在流名称后加上 ?key=密钥。",
  },
  "link-needed": { en: "This stream requires a link that was given to you.", zh: "观看这路流需要老师给你的链接。" },
  "link-of-other-address": {
    en: "This link was made for another connection. Ask for a new one.",
    zh: "这个链接是为另一个连接生成的，请重新索取。",
  },
  role: { en: "Your role does not allow this.", zh: "你的角色不允许此操作。" },
  scope: { en: "This API key does not have the scope for this.", zh: "这个 API 密钥没有此权限。" },
});
