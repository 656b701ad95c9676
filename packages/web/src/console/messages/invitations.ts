/** Lists the texts of the console about invitations to a first sign-in. */
import type { Messages } from "../../language.ts";
import en from "./invitations.en.json" with { type: "json" };
import zh from "./invitations.zh-CN.json" with { type: "json" };

export const INVITATION_MESSAGES: Messages<typeof en> = { en, "zh-CN": zh };
