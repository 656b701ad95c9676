/** Lists the refusal texts of attendance and sign-in rounds, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const attendanceText = defineMessages("attendance", {
  "staff-only": { en: "Only teachers and assistants of this lesson can do this.", zh: "只有这节课的老师和助教可以这样做。" },
  "no-round": { en: "There is no such sign-in in this lesson.", zh: "这节课没有这次签到。" },
  "too-many-rounds": { en: "A lesson has at most {{max}} sign-ins.", zh: "一节课最多签到 {{max}} 次。" },
  "wrong-code": {
    en: "The code is wrong. Enter the four digits that the teacher shows.",
    zh: "签到码不正确，请输入老师展示的四位数字。",
  },
  "too-many-codes": { en: "Too many wrong codes. Wait a moment.", zh: "签到码错误次数太多，请稍等片刻。" },
  "round-closed": { en: "This sign-in is closed.", zh: "签到已结束。" },
  "participants-only": {
    en: "Only people who have joined the lesson can sign in. Open the lesson's page.",
    zh: "只有进入课堂的人才能签到，请打开课堂页面。",
  },
  "version-ahead": { en: "`since` is not a version of this list.", zh: "`since` 不是此名单的版本。" },
});
