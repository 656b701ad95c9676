/** Lists the refusal texts about papers and examinations, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const examText = defineMessages("exam", {
  "no-paper": { en: "There is no such paper.", zh: "没有这份试卷。" },
  "too-many-papers": { en: "A school can have {{max}} papers.", zh: "一所学校最多 {{max}} 份试卷。" },
  "paper-mistakes": {
    en: { one: "The paper has {{count}} mistake.", other: "The paper has {{count}} mistakes." },
    zh: "试卷有 {{count}} 处错误。",
  },
  "error-empty": { en: "is empty", zh: "不能为空" },
  "error-too-long": { en: "is too long", zh: "过长" },
  "error-too-few": { en: "has too few", zh: "数量太少" },
  "error-too-many": { en: "has too many", zh: "数量太多" },
  "error-bad-id": { en: "is no id: letters, digits, - and _", zh: "编号无效：只能用字母、数字、- 和 _" },
  "error-repeated-id": { en: "is the id of something else too", zh: "编号重复" },
  "error-unknown-id": { en: "names nothing that is there", zh: "所指的内容不存在" },
  "error-missing": { en: "is missing", zh: "缺少内容" },
  "error-repeated": { en: "stands twice", zh: "内容重复" },
  "error-out-of-range": { en: "is too small or too large", zh: "超出允许的范围" },
  "error-kind-differs": { en: "is the solution of another kind of question", zh: "答案与题型不符" },
  "error-gap-not-in-text": { en: "stands nowhere in the text", zh: "题干中没有这个空" },
  "error-unknown-gap-in-text": { en: "has a gap in its text that is not defined", zh: "题干中有未定义的空" },
  "error-draw-impossible": {
    en: "cannot be drawn, because questions of a passage stay together",
    zh: "无法抽取：同一材料的题目必须一起抽取",
  },
  "error-draw-of-unequal-points": {
    en: "draws from questions of unequal points: candidates could not reach the same",
    zh: "抽题的各题分值须相同，否则考生满分不一致",
  },
  "paper-empty": { en: "The paper has no questions yet.", zh: "试卷还没有题目。" },
  "paper-used": {
    en: "An examination that is not published yet uses this paper. Delete it, or choose another paper there.",
    zh: "有未发布的考试正在使用这份试卷，请先删除该考试或改用其他试卷。",
  },
  "of-course": {
    en: "Only teachers of the course can use its papers and examinations.",
    zh: "只有该课程的教师可以使用其试卷和考试。",
  },
  "paper-of-other-course": {
    en: "This paper belongs to another course.",
    zh: "这份试卷属于其他课程。",
  },
  "no-section": { en: "The paper has no such section.", zh: "试卷没有这个大题。" },
  "no-bank-items": { en: "There are no such questions in the bank.", zh: "题库中没有这些题目。" },
  "bank-item-without-answer": {
    en: "This question of the bank has no right answer, as in a poll: “{{text}}”",
    zh: "题库中的这道题没有正确答案（投票题）：“{{text}}”",
  },
  "file-too-large": { en: "The file is too large; {{max}} bytes are allowed.", zh: "文件太大，最多 {{max}} 字节。" },
  "bad-encoding": { en: "The file is not in UTF-8 or GBK.", zh: "文件不是 UTF-8 或 GBK 编码。" },
  "file-mistakes": {
    en: { one: "The file has {{count}} mistake.", other: "The file has {{count}} mistakes." },
    zh: "文件有 {{count}} 处错误。",
  },
  "no-exam": { en: "There is no such examination.", zh: "没有这场考试。" },
  "too-many-exams": { en: "A school can have {{max}} examinations.", zh: "一所学校最多 {{max}} 场考试。" },
  "code-conflict": { en: "The code was taken a moment ago. Try again.", zh: "考试码刚被占用，请重试。" },
  times: {
    en: "The times do not fit: it opens before it closes, and the latest entry is between.",
    zh: "时间设置有误：开放时间应早于关闭时间，最晚入场时间应在两者之间。",
  },
  "length-beyond-window": {
    en: "Candidates have more time than the examination is open.",
    zh: "作答时长超过了考试开放的时间。",
  },
  "published-already": {
    en: "The examination is published: its paper, its course and the number of attempts stay as they are.",
    zh: "考试已发布，不能再更改试卷、课程和考试次数。",
  },
  "begun-already": {
    en: "The examination has opened: the time at which it opens stays as it is.",
    zh: "考试已开始，不能再更改开放时间。",
  },
  "not-published": { en: "The examination is not published yet.", zh: "考试尚未发布。" },
  "no-paper-chosen": { en: "Choose a paper first.", zh: "请先选择试卷。" },
  "closes-in-the-past": { en: "The examination would be over already.", zh: "考试的关闭时间已过。" },
  "sat-now": {
    en: "Candidates are sitting this examination. Wait until it is over.",
    zh: "有考生正在作答，请等考试结束后再操作。",
  },
  "no-attempt": { en: "There is no such attempt.", zh: "没有这次作答记录。" },
  "not-handed-in": { en: "The candidate has not handed in yet.", zh: "考生尚未交卷。" },
  "ended-already": { en: "The attempt has ended already.", zh: "该次考试已结束。" },
  erased: { en: "The answers of this guest were erased.", zh: "这位访客的作答已被删除。" },
  "not-asked": { en: "The candidate was not asked this question.", zh: "该考生的试卷中没有这道题。" },
  "no-question": { en: "The paper has no such question.", zh: "试卷没有这道题。" },
  "too-many-points": {
    en: "The question has {{max}} points at most.",
    zh: "这道题最多 {{max}} 分。",
  },
  "half-points": { en: "Points are multiples of 0.5.", zh: "分数应为 0.5 的倍数。" },
  "other-kind": { en: "The solution is of another kind of question.", zh: "答案的题型不符。" },
  "same-solution": { en: "The solution is the same as before.", zh: "答案没有变化。" },
  "regrade-runs": {
    en: "An earlier regrade is still running. Wait until it is done.",
    zh: "上一次重新评分尚未完成，请稍候。",
  },
});
