/** Lists the texts of the board for those who look at it. They are loaded with its code; `drawing/messages.ts` has those of the tools. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const BOARD_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
