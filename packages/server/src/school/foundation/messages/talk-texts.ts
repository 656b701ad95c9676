/** Lists the texts of what a room refuses to people who talk in it, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const talkText = defineMessages("talk", {
  "staff-only": { en: "Only staff of the lesson can do this.", zh: "只有授课人员可以这样做。" },
  "not-joined": { en: "Join the lesson first.", zh: "请先进入这节课。" },
  "too-many-requests": { en: "Too many requests for this room. Wait a moment.", zh: "对这个课堂的请求太多，请稍等片刻。" },
  "slow-mode": { en: "Wait a moment before you write again.", zh: "请稍等片刻再发言。" },
  "too-much": { en: "You are sending too much at once. Wait a moment.", zh: "你发送得太快，请稍等片刻。" },
  "room-busy": { en: "The class has very much to do at this moment. Try again in a few seconds.", zh: "课堂正忙，请几秒后再试。" },
  "unknown-kind": { en: "The room knows nothing of this kind: {{kind}}", zh: "课堂不支持这种操作：{{kind}}" },
  "bad-id": { en: "The id has 1 to 64 characters.", zh: "编号由 1 到 64 个字符组成。" },
  "bad-field": { en: "{{field}}: {{mistake}}", zh: "{{field}}：{{mistake}}" },
  busy: { en: "The server has very much to do; this is off for a moment.", zh: "服务器繁忙，此功能暂时关闭。" },
  "no-line": { en: "There is no such line, or it was deleted.", zh: "没有这条消息，或已被删除。" },
  "no-question": { en: "There is no such question, or it was deleted.", zh: "没有这个提问，或已被删除。" },
  "question-answered": { en: "This question was answered.", zh: "这个提问已经回答。" },
  "no-announcement": { en: "Announcement not found.", zh: "没有这条公告。" },
  "captions-by-server": { en: "Only the server writes captions.", zh: "字幕只能由服务器生成。" },
  "too-many-hands": { en: "Very many hands are up. Wait until some were called on.", zh: "举手的人太多，请稍后再试。" },
});
