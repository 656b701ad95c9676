/** Lists the texts of the board for teachers: pages, slides, pens. They are loaded with its code. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const TEACHER_BOARD_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
