/** Defines why people are not invited to their accounts, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const accountInvitationText = defineMessages("account-invitation", {
  "no-mail-server": {
    en: "This server sends no mail yet (`mail.smtp` and `http.publicUrl`). Print slips instead.",
    zh: "服务器尚未设置邮件（mail.smtp 与 http.publicUrl），请改为打印邀请条。",
  },
  nobody: { en: "Nobody of the selected people can be invited.", zh: "所选人员中没有可以邀请的人。" },
  "too-many-people": {
    en: "More than {{max}} people. Invite them course by course.",
    zh: "超过 {{max}} 人，请按课程分批邀请。",
  },
  "too-many-mails": {
    en: "You have invited {{max}} people within an hour. Go on in an hour, or print slips.",
    zh: "一小时内已邀请 {{max}} 人，请一小时后继续，或打印邀请条。",
  },
  "passwords-off": {
    en: "This school signs in without passwords. People need no invitation: they sign in with their school account.",
    zh: "这所学校不使用密码登录，无需邀请，请直接使用学校账号登录。",
  },
});
