/** Lists the texts of the strip of tools, which classes, studios and replays show. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const TOOL_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
