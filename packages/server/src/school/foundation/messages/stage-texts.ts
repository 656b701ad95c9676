/** Lists the texts of what the stage of a lesson refuses, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const stageText = defineMessages("stage", {
  "stage-full": {
    en: "{{max}} people are on stage or invited. Ask somebody to leave first.",
    zh: "已有 {{max}} 人在连麦或已被邀请，请先让其他人下台。",
  },
  "lesson-is-full": {
    en: "{{max}} people are seen and heard in this lesson already. You can watch and write.",
    zh: "这节课已有 {{max}} 人参与音视频。你可以观看和发送消息。",
  },
  "not-here": { en: "This person is not in the lesson now.", zh: "此人现在不在课堂中。" },
  "everybody-speaks": {
    en: "In a small lesson everybody may speak without an invitation.",
    zh: "小班课里所有人都可以直接发言，无需邀请。",
  },
  "not-invited": {
    en: "The invitation is over. Raise your hand again.",
    zh: "邀请已结束，请重新举手。",
  },
  "not-on-stage": { en: "You are not on stage.", zh: "你当前不在连麦中。" },
  "not-seen": { en: "This person is not on stage.", zh: "此人当前不在连麦中。" },
  "only-ask-unmute": {
    en: "Nobody can switch on another person's microphone or camera. Ask the person to.",
    zh: "任何人都不能替他人打开麦克风或摄像头，只能请对方打开。",
  },
  "screen-taken": { en: "Somebody is sharing a screen already.", zh: "已有人在共享屏幕。" },
});
