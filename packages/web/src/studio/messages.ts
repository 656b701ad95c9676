/** Lists the texts of the studio. */
import { DOWNLOAD_MESSAGES } from "../downloads/messages.ts";
import { FORWARD_MESSAGES } from "../forwards/messages.ts";
import { INVITED_MESSAGES } from "../invited/messages.ts";
import { JOB_MESSAGES } from "../jobs/messages.ts";
import type { Messages } from "../language.ts";
import { LESSON_QUALITY_MESSAGES } from "../lesson-quality/messages.ts";
import { PHONE_LINK_MESSAGES } from "../phone-links/messages.ts";
import { SIGN_IN_MESSAGES } from "../sign-in/messages.ts";
import en from "./messages.en.json" with { type: "json" };
import zh from "./messages.zh-CN.json" with { type: "json" };
import { PUBLISH_MESSAGES } from "./publish/messages.ts";
import { CLASS_SIDE_MESSAGES } from "./room/messages.ts";

const OWN: Messages<typeof en> = { en, "zh-CN": zh };

export const STUDIO_MESSAGES = {
  en: {
    ...SIGN_IN_MESSAGES.en,
    ...INVITED_MESSAGES.en,
    ...FORWARD_MESSAGES.en,
    ...JOB_MESSAGES.en,
    ...LESSON_QUALITY_MESSAGES.en,
    ...DOWNLOAD_MESSAGES.en,
    ...PHONE_LINK_MESSAGES.en,
    ...PUBLISH_MESSAGES.en,
    ...CLASS_SIDE_MESSAGES.en,
    ...OWN.en,
  },
  "zh-CN": {
    ...SIGN_IN_MESSAGES["zh-CN"],
    ...INVITED_MESSAGES["zh-CN"],
    ...FORWARD_MESSAGES["zh-CN"],
    ...JOB_MESSAGES["zh-CN"],
    ...LESSON_QUALITY_MESSAGES["zh-CN"],
    ...DOWNLOAD_MESSAGES["zh-CN"],
    ...PHONE_LINK_MESSAGES["zh-CN"],
    ...PUBLISH_MESSAGES["zh-CN"],
    ...CLASS_SIDE_MESSAGES["zh-CN"],
    ...OWN["zh-CN"],
  },
};
