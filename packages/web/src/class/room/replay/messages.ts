/** Lists the texts of the room beside a recording. */
import type { Messages } from "../../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const REPLAY_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
