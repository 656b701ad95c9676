/** Defines why an entry of a list of people cannot become a member of a course, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const memberText = defineMessages("member", {
  nobody: {
    en: "Nobody in this school has this username, mail address or name.",
    zh: "这所学校没有人使用这个账号、邮箱或姓名。",
  },
  several: {
    en: "Several people have this name or mail address. Write the username instead.",
    zh: "有多人使用这个姓名或邮箱，请改填账号。",
  },
  suspended: { en: "This account is suspended.", zh: "这个账号已停用。" },
});
