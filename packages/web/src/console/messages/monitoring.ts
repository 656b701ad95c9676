/** Lists the texts of the console's pages of monitoring: plots of nodes, links and streams, the fleet's map, the big screen. */
import type { Messages } from "../../language.ts";
import en from "./monitoring.en.json" with { type: "json" };
import zh from "./monitoring.zh-CN.json" with { type: "json" };

export const MONITORING_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
