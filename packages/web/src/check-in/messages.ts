/** The texts of the page of the daily check-in. */
import { SIGN_IN_MESSAGES } from "../session/sign-in-messages.ts";

const en = {
  ...SIGN_IN_MESSAGES.en,
  title: "Daily check-in",
  loading: "Loading…",
  noForms: "Your school asks for no check-in now.",
  studentsOnly: "Only students check in. Your school's answers are in the console.",
  notYet: "Not checked in today ({{day}})",
  done: "Checked in today at {{time}}",
  optional: "optional",
  yes: "Yes",
  no: "No",
  checkIn: "Check in",
  change: "Save changes",
  unanswered: "Answer this question.",
};

const zh: typeof en = {
  ...SIGN_IN_MESSAGES["zh-CN"],
  title: "每日签到",
  loading: "正在加载…",
  noForms: "学校目前没有需要填写的签到。",
  studentsOnly: "仅学生需要签到。学校的签到结果可在控制台查看。",
  notYet: "今天（{{day}}）尚未签到",
  done: "今天 {{time}} 已签到",
  optional: "选填",
  yes: "是",
  no: "否",
  checkIn: "签到",
  change: "保存修改",
  unanswered: "请回答此问题。",
};

export const CHECK_IN_MESSAGES = { en, "zh-CN": zh };
