/** Lists the refusal texts of the API of nodes and dispatch, and of health checks, in English and Chinese. */
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
  "not-joined-bus": {
    en: "This node of a cluster has not reached the bus since it started. See cluster.nats.",
    zh: "这台节点启动后尚未连上集群总线，请检查 cluster.nats。",
  },
  "not-joined-secret": {
    en: "The secret of this node is not that of the other nodes. See cluster.secret.",
    zh: "这台节点的密钥与其他节点不一致，请检查 cluster.secret。",
  },
  "no-such-node": { en: "There is no such node.", zh: "没有这个节点。" },
});
