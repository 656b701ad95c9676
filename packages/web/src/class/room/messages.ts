/** Lists the texts of the room in a class: chat, questions, quiz, people, hands, reactions. They are loaded with its code. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const ROOM_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
