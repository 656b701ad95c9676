/** Lists the texts of the page of a launch. They are below `lti`, because the class page's texts stand beside them. */
import type { Messages } from "../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const LTI_MESSAGES = { en: { lti: OWN.en }, "zh-CN": { lti: OWN["zh-CN"] } };
