/** Lists the texts of the console's lists of sources, qualities and jobs. */
import type { Messages } from "../../language.ts";
import en from "./sources.en.json" with { type: "json" };
import zh from "./sources.zh-CN.json" with { type: "json" };

export const SOURCE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
