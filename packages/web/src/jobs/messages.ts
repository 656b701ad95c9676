/** Lists the texts about jobs: how they are, and what is wrong. Pages that show jobs include them in their own. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

export const JOB_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
