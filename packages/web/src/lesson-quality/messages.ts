/** The texts about how one lesson reached its viewers. */
import { CARRIER_NAMES } from "./carrier-names.ts";

const en = {
  lessonQuality: {
    title: "How the lesson reached its viewers",
    pending: "Computed about three minutes after the end of the lesson.",
    nobody: "Nobody watched this lesson.",
    good: "The lesson reached its viewers well.",
    short: "The lesson fell short of the school's goals.",
    completed: "Watched to the end",
    completedGoal: "Goal: {{value}} or more. Those whose connection failed for good did not.",
    complaints: "Complaints",
    complaintsGoal: "Goal: under {{value}}.",
    complaintsUnseen_one: "{{count}} report came from a viewer without a session, usually without any picture.",
    complaintsUnseen_other: "{{count}} reports came from viewers without a session, usually without any picture.",
    stalled: "Time stalled",
    stalledHint: "Of the time in which a picture should have moved.",
    viewers: "Viewers",
    affected: "Waited for long",
    affectedHint: "Longer, in all, than the school's rule of make-up lessons says.",
    carriers: "By carrier",
    carrier: "Carrier",
    unknown: "Not known",
    carrierNames: CARRIER_NAMES.en,
    makeUp: {
      proposed: "A make-up lesson is proposed. The school decides.",
      approved: "A make-up lesson is approved.",
      declined: "A make-up lesson was proposed, and declined.",
    },
  },
};

const zh: typeof en = {
  lessonQuality: {
    title: "课程送达观众的情况",
    pending: "下课约三分钟后计算。",
    nobody: "没有人观看这节课。",
    good: "这节课顺利送达观众。",
    short: "这节课没有达到学校的目标。",
    completed: "完课率",
    completedGoal: "目标：不低于 {{value}}。连接中断后未能恢复的观众不计入。",
    complaints: "投诉率",
    complaintsGoal: "目标：低于 {{value}}。",
    complaintsUnseen_one: "其中 {{count}} 条来自没有播放会话的观众，通常是始终没有画面。",
    complaintsUnseen_other: "其中 {{count}} 条来自没有播放会话的观众，通常是始终没有画面。",
    stalled: "卡顿占比",
    stalledHint: "占应播放时间的比例。",
    viewers: "观众",
    affected: "长时间卡顿",
    affectedHint: "累计卡顿超过学校补课规则所定的时长。",
    carriers: "各运营商",
    carrier: "运营商",
    unknown: "未知",
    carrierNames: CARRIER_NAMES["zh-CN"],
    makeUp: {
      proposed: "系统建议补课，由学校决定。",
      approved: "已批准补课。",
      declined: "曾建议补课，已被拒绝。",
    },
  },
};

export const LESSON_QUALITY_MESSAGES = { en, "zh-CN": zh };
