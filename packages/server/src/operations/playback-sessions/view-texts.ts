/** Defines why a beacon is refused, in English and Chinese. */
import { defineMessages } from "../../platform/messages/message.ts";

export const viewText = defineMessages("view", {
  "no-json": { en: "The beacon is no JSON.", zh: "上报内容不是 JSON。" },
  field: { en: "{{field}}: {{mistake}}", zh: "{{field}}：{{mistake}}" },
  "other-stream": {
    en: "`sid` names a session of another stream or trace. Each stream has a session of its own.",
    zh: "sid 属于另一路流或另一次播放，每路流都要新建会话。",
  },
  "implausible-fields": {
    en: "More than can have happened in the time that the beacon is about: {{fields}}.",
    zh: "超出了这段时间内可能的数值：{{fields}}。",
  },
  implausible: { en: "is more than the time allows", zh: "超出了这段时间内可能的数值" },
});
