/** Lists the refusal texts about acts that a second person approves, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const approvalText = defineMessages("approval", {
  "no-approval": { en: "There is no such request for approval.", zh: "没有这个审批申请。" },
  "people-ask": {
    en: "The school has a second administrator approve this. A person has to ask for it, not an API key.",
    zh: "学校规定此操作须由另一位管理员批准，只能由人员申请，不能使用 API 密钥。",
  },
  "administrators-decide": {
    en: "An administrator of the school decides about this.",
    zh: "只有本校管理员可以审批。",
  },
  "own-request": {
    en: "You have asked for this yourself. Another administrator of the school has to decide.",
    zh: "这是你本人的申请，须由本校另一位管理员审批。",
  },
  "made-by-asker": {
    en: "The asker has made or changed your account, or the way by which you signed in, within the last {{days}} days. Another administrator has to approve this.",
    zh: "申请人在最近 {{days}} 天内创建或更改过你的账号或登录方式，须由另一位管理员批准。",
  },
  decided: { en: "This request was decided, withdrawn or has expired.", zh: "该申请已处理、已撤回或已过期。" },
  "asker-gone": {
    en: "The person who asked has no longer the right to do this. Refuse the request.",
    zh: "申请人已不再拥有此权限，请拒绝该申请。",
  },
  "too-many-waiting": {
    en: "{{max}} requests wait for approval already. Decide about some of them first.",
    zh: "已有 {{max}} 个申请等待审批，请先处理一部分。",
  },
  "too-many-asked": {
    en: "You have asked {{max}} times within an hour. Wait a while.",
    zh: "你在一小时内已提交 {{max}} 个申请，请稍后再试。",
  },
  "only-asker": { en: "Only the person who asked can withdraw this.", zh: "只有申请人可以撤回。" },
  "no-entry": { en: "This is no operator's entry that lasts.", zh: "这不是正在进行的平台管理员进入。" },
  "entry-not-needed": {
    en: "Operators need no approval to work in this school.",
    zh: "平台管理员进入这所学校无需批准。",
  },
  "entry-lasts": { en: "You may work in this school already, until {{until}}.", zh: "你已获准进入这所学校，有效期至 {{until}}。" },
  "needs-two": {
    en: "The school needs two administrators at least: one asks, and another approves.",
    zh: "学校至少需要两位管理员：一位申请，另一位批准。",
  },
  "on-or-off": {
    en: "Turn on and off with separate requests: turning off waits for approval.",
    zh: "请分别提交开启和关闭：关闭需要等待批准。",
  },
  "closed-to-operators": {
    en: "This school lets operators in only with its approval. Ask for entry, and name the reason.",
    zh: "这所学校规定平台管理员须经批准才能进入，请先申请并说明原因。",
  },
  "name-a-school": {
    en: "Some schools let operators in only with their approval. Name one school.",
    zh: "部分学校规定平台管理员须经批准才能进入，请指定一所学校。",
  },
});
