/** Lists the texts of the console's page of nodes. */
import type { Messages } from "../../language.ts";
import en from "./nodes.en.json" with { type: "json" };
import zh from "./nodes.zh-CN.json" with { type: "json" };

export const NODES_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
