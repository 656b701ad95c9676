/** Lists the texts of the sign-in form. Pages that show the form include them in their own. */
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

// As `Messages` of `language.ts`, whose folder imports this one.
export const SIGN_IN_MESSAGES: Readonly<Record<"en" | "zh-CN", typeof en>> = { en, "zh-CN": zh };
