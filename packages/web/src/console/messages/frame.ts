/** Lists the texts of the console's frame: navigation, search, and what lists have in common. */
import type { Messages } from "../../language.ts";
import en from "./frame.en.json" with { type: "json" };
import zh from "./frame.zh-CN.json" with { type: "json" };

export const FRAME_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
