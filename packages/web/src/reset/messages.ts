/** Lists the texts of the page on which a person sets a password: at the first sign-in, or a new one. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const RESET_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
