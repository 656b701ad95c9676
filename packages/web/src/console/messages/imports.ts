/** Lists the texts of the console's pages that import people and lessons from files. */
import type { Messages } from "../../language.ts";
import en from "./imports.en.json" with { type: "json" };
import zh from "./imports.zh-CN.json" with { type: "json" };

export const IMPORT_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
