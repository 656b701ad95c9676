/** Lists the texts of the console's list of sign-on providers. */
import type { Messages } from "../../language.ts";
import en from "./providers.en.json" with { type: "json" };
import zh from "./providers.zh-CN.json" with { type: "json" };

export const PROVIDER_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
