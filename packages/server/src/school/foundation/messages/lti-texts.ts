/** Lists the texts about launches of learning platforms, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const ltiText = defineMessages("lti", {
  "no-such-platform": {
    en: "This learning platform is not registered here, or is disabled. Tell your administrator.",
    zh: "这个教学平台未在此登记，或已停用，请联系管理员。",
  },
  "no-such-deployment": {
    en: "The deployment {{deployment}} of this learning platform is not registered here. Tell your administrator.",
    zh: "教学平台的部署 {{deployment}} 未在此登记，请联系管理员。",
  },
  "launch-address": {
    en: "The learning platform's link does not lead to this server. Tell your administrator: the tool URL must be the one that the console shows.",
    zh: "教学平台的链接不指向本服务器。请联系管理员：工具地址应与控制台显示的一致。",
  },
  "launch-expired": {
    en: "This launch took longer than ten minutes, or began in another browser. Open the lesson again from your course.",
    zh: "打开超过了十分钟，或是在另一个浏览器中开始的，请从课程中重新打开。",
  },
  "launch-used": {
    en: "This launch was used already. Open the lesson again from your course.",
    zh: "这次打开已经用过，请从课程中重新打开。",
  },
  "launch-invalid": {
    en: "The message of the learning platform is not valid. Open the lesson again from your course, or tell your administrator.",
    zh: "教学平台的消息无效，请从课程中重新打开，或联系管理员。",
  },
  "launch-claim": {
    en: "The message of the learning platform lacks {{claim}}, or it is not valid. Tell your administrator.",
    zh: "教学平台的消息缺少 {{claim}} 或其无效，请联系管理员。",
  },
  "launch-denied": {
    en: "The learning platform did not confirm who you are. Sign in there again, then open the lesson from your course.",
    zh: "教学平台没有确认你的身份。请在平台重新登录，再从课程中打开。",
  },
  "launch-without-role": {
    en: "The learning platform gives you no role in this course. Ask your teacher.",
    zh: "教学平台没有给你在这门课程中的角色，请联系老师。",
  },
  "launch-administrator": {
    en: "Administrators sign in at this server, not through a learning platform.",
    zh: "管理员需要直接登录本服务器，不能通过教学平台进入。",
  },
  "platform-away": {
    en: "The learning platform cannot be reached. Try again in a moment, or tell your administrator.",
    zh: "暂时无法连接教学平台，请稍后重试，或联系管理员。",
  },
  "launches-only": {
    en: "Only a launch of a learning platform can be moved to a window.",
    zh: "只有从教学平台打开的页面才能移到新窗口。",
  },
  "teachers-choose": { en: "Only a teacher of the course can choose a lesson.", zh: "只有课程的老师可以选择课堂。" },
  "deep-linking-origin": {
    en: "The answer would go to {{origin}}, which is not an origin of this learning platform. An administrator can add it to the platform's origins.",
    zh: "结果将发往 {{origin}}，它不是这个教学平台的来源。管理员可以把它加入平台的来源。",
  },
  "deep-linking-expired": {
    en: "This choice took longer than an hour. Start again in your course.",
    zh: "选择超过了一小时，请从课程中重新开始。",
  },
  "deep-linking-person": {
    en: "Another person is signed in now. Start again in your course.",
    zh: "现在登录的是另一个人，请从课程中重新开始。",
  },
  "examination-gone": {
    en: "The examination of this link is no longer there. Your teacher can choose another one for the link.",
    zh: "此链接对应的考试已不存在，老师可以为链接重新选择。",
  },
  "examination-not-published": {
    en: "This examination is not published yet. Ask your teacher.",
    zh: "这场考试尚未发布，请联系老师。",
  },
  "no-platform": { en: "There is no such learning platform.", zh: "没有这个教学平台。" },
  "platform-taken": {
    en: "This school has a learning platform with this issuer and client id already.",
    zh: "这所学校已登记了相同签发者和客户端 ID 的教学平台。",
  },
  "people-only-platforms": {
    en: "Only a person can manage learning platforms, not an API key.",
    zh: "只有个人账号才能管理教学平台，API 密钥不行。",
  },
});
