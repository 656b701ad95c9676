/** Words the mails about requests for approval. They name no pupil: mail is not encrypted everywhere. */
import type { StaffNotice } from "../delivery/staff-notices.ts";
import type { Act } from "../store/approval-tables.ts";
import type { ApprovalBody } from "./present.ts";

const ACT_NAMES: Readonly<Record<Act, readonly [english: string, chinese: string]>> = {
  "erase-person": ["erase a person permanently", "永久删除一个人的个人信息"],
  "erase-guest": ["erase the name of a guest permanently", "永久删除一名访客的姓名"],
  "publish-recording": ["publish a recording to guests", "向访客公开一个录像"],
  "operator-entry": ["work in the school as an operator for some time", "以平台管理员身份限时进入学校"],
  "turn-off": ["turn off the approval of such acts", "关闭此类操作的审批"],
};
const OUTCOMES = {
  done: ["was approved and carried out", "已批准并执行"],
  refused: ["was refused", "已被拒绝"],
  outdated: ["was not carried out: what it is about had changed. Ask again", "未执行：相关内容已有变化，请重新申请"],
} as const;
const SUBJECT = "an approval / 审批";

/** To those who can decide. */
export function requestNotice({ school, act, askedBy, expiresAt }: ApprovalBody): StaffNotice {
  const [english, chinese] = ACT_NAMES[act];
  const until = String(expiresAt instanceof Date ? expiresAt.toISOString() : expiresAt);
  return {
    subject: `${school}: ${SUBJECT}`,
    body: `${askedBy.name} asks to ${english}. Open “Approvals” in the console and decide, until ${until}.\n${askedBy.name} 申请${chinese}。请在 ${until} 之前打开控制台的“审批”处理。\n`,
  };
}

/** To the asker. */
export function decidedNotice({ school, act, decidedBy }: ApprovalBody, outcome: keyof typeof OUTCOMES): StaffNotice {
  const [english, chinese] = ACT_NAMES[act];
  const [said, inChinese] = OUTCOMES[outcome];
  const by = decidedBy?.name ?? "";
  return {
    subject: `${school}: ${SUBJECT}`,
    body: `Your request to ${english} ${said}${by === "" ? "" : ` (${by})`}.\n你的申请（${chinese}）${inChinese}${by === "" ? "" : `（${by}）`}。\n`,
  };
}
