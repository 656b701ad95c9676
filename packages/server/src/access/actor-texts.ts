/** Lists the refusal texts of the API for actors who may not use a route, in English and Chinese. */
import { defineMessages } from "../platform/messages/message.ts";

export const actorText = defineMessages("actor", {
  role: { en: "Your role does not allow this.", zh: "你的角色不允许此操作。" },
  scope: { en: "This API key does not have the scope for this.", zh: "这个 API 密钥没有此权限。" },
});
