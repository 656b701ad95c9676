/** Lists the texts of the class in the studio. */
import type { Messages } from "../../language.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const CLASS_SIDE_MESSAGES = { en: { room: OWN.en }, "zh-CN": { room: OWN["zh-CN"] } };
