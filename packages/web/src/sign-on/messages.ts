/** Lists the texts of the page to which a school's sign-in service leads back. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const SIGN_ON_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
