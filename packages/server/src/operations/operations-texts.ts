/** Refusal texts of the API of nodes and dispatch, in English and Chinese. */
import { defineMessages } from "../platform/messages/message.ts";

export const operationsText = defineMessages("operations", {
  "operators-explain": {
    en: "Only operators can query for other clients, or get the explanation.",
    zh: "只有平台管理员可以替别人查询，或查看计算过程。",
  },
  "nodes-full": {
    en: "All nodes are full. Try again in a moment.",
    zh: "目前没有节点能容纳更多人，请稍后再试。",
  },
  "no-such-node": { en: "There is no such node.", zh: "没有这个节点。" },
});
