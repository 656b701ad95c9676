/** Lists the texts of the stage of a class and of small lessons. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const STAGE_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
