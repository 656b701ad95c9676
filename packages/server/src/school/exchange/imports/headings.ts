/**
 * Provides headings of imported files as schools write them, in English and Chinese, and the fields that they mean. The first ones of a field are the
 * surest.
 */

import { LESSON_MODES, type LessonMode } from "../../foundation/store/lesson-modes.ts";

type Headings = Readonly<Record<string, readonly string[]>>;

export const PEOPLE_HEADINGS: Headings = {
  login: [
    ...["login", "username", "userid", "user", "account", "loginname", "登录名", "用户名", "账号", "帐号", "账户", "登录账号"],
    ...["学号", "工号", "studentid", "studentnumber", "学籍号"],
  ],
  name: ["name", "fullname", "displayname", "姓名", "名字", "学生姓名", "教师姓名", "名称", "studentname"],
  role: ["role", "usertype", "角色", "身份", "人员类型", "类型", "type"],
  email: ["email", "mail", "emailaddress", "mailaddress", "邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址"],
  password: ["password", "initialpassword", "密码", "初始密码", "登录密码"],
  course: ["course", "coursename", "class", "课程", "课程名称", "课程名", "班级", "所属班级", "group"],
};

export const TIMETABLE_HEADINGS: Headings = {
  date: ["date", "day", "日期", "上课日期", "时间日期"],
  start: ["start", "starts", "starttime", "from", "开始", "开始时间", "上课时间", "上课"],
  end: ["end", "ends", "endtime", "to", "结束", "结束时间", "下课时间", "下课"],
  title: ["title", "lesson", "topic", "subject", "标题", "课时", "课时名称", "课题", "主题", "课名"],
  course: ["course", "coursename", "class", "课程", "课程名称", "课程名", "班级"],
  teacher: ["teacher", "teacherlogin", "教师", "老师", "授课教师", "授课老师", "任课教师", "任课老师", "教师登录名"],
  mode: ["mode", "kind", "kindoflesson", "课型", "课时类型", "上课方式"],
  guests: ["guests", "allowguests", "访客", "允许访客"],
  capacity: ["capacity", "seats", "人数", "人数上限", "容量"],
};

/** A heading without capitals, spaces, signs, and what stands in brackets: `登录名（必填）*` is `登录名`. */
function plainHeading(heading: string): string {
  return heading
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\([^)]*\)/g, "")
    .replace(/[\s_*:./\\-]/g, "");
}

/**
 * The field of each column; null: no heading of a field. Of several columns that mean the same field, the surest is it, and the others are not known.
 * @param headings of the file
 */
export function fieldsOf(headings: readonly string[], known: Headings): readonly (string | null)[] {
  const fields: (string | null)[] = headings.map(() => null);
  const plain = headings.map(plainHeading);
  for (const [field, words] of Object.entries(known)) {
    const ranks = plain.map((heading) => words.indexOf(heading)).map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank));
    const best = Math.min(...ranks);
    if (best === Number.POSITIVE_INFINITY) continue;
    // A heading that stands twice is a mistake, which is reported.
    for (const [i, rank] of ranks.entries()) if (rank === best) fields[i] ??= field;
  }
  return fields;
}

const ROLE_WORDS: Readonly<Record<string, readonly string[]>> = {
  administrator: ["administrator", "admin", "管理员", "校管理员", "学校管理员"],
  teacher: ["teacher", "instructor", "lecturer", "教师", "老师", "任课教师", "任课老师"],
  assistant: ["assistant", "teachingassistant", "ta", "助教", "助理"],
  student: ["student", "pupil", "learner", "学生", "学员"],
  supervisor: ["supervisor", "parent", "guardian", "家长", "监护人", "督导"],
};

/** As the pages name the kinds of lessons, too. */
const MODE_WORDS: Readonly<Record<LessonMode, readonly string[]>> = {
  broadcast: ["broadcast", "class", "lecture", "大班课", "直播课"],
  "interactive-large": ["interactivelarge", "largeinteractiveclass", "互动大班课"],
  "interactive-small": ["interactivesmall", "interactiveclass", "互动小班课", "小班课"],
  small: ["small", "smalllesson", "smallgroup", "小组课"],
  "one-to-one": ["onetoone", "oneonone", "1to1", "1on1", "一对一"],
};

/** The kind of lesson that a word of the file means; null: none. */
export function modeOfWord(word: string): LessonMode | null {
  const plain = plainHeading(word);
  return LESSON_MODES.find((mode) => MODE_WORDS[mode].includes(plain)) ?? null;
}

/** The role that a word of the file means; the word itself where it is none. */
export function roleOfWord(word: string): string {
  const plain = plainHeading(word);
  return Object.entries(ROLE_WORDS).find(([, words]) => words.includes(plain))?.[0] ?? word;
}
