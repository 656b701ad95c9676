/** Lists the texts of the console about probes, which watch lessons from outside. */
import type { Messages } from "../../language.ts";
import en from "./probes.en.json" with { type: "json" };
import zh from "./probes.zh-CN.json" with { type: "json" };

export const PROBE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
