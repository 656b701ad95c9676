/** Lists the refusal texts of the doors of recordings and time-shift, in English and Chinese. */
import { defineMessages } from "../platform/messages/message.ts";

export const libraryText = defineMessages("library", {
  times: { en: "The time range is not valid.", zh: "时间范围无效。" },
  "in-the-future": { en: "The requested time is still in the future.", zh: "请求的时间尚未到达。" },
  "too-long": { en: "At most one hour can be requested at once.", zh: "一次最多请求一小时。" },
  "start-outside": { en: "start must be a time within the recording, in seconds.", zh: "start 应为录像之内的秒数。" },
});
