/** Lists the texts of times of the week in forms and in sentences. */
import type { Messages } from "../../language.ts";
import en from "./time-windows.en.json" with { type: "json" };
import zh from "./time-windows.zh-CN.json" with { type: "json" };

export const TIME_WINDOW_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
