/** Lists the error texts of CSV imports, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const importText = defineMessages("import", {
  "one-line": { en: "has line breaks, control characters or changes of direction", zh: "含有换行、控制字符或文字方向控制符" },
  interrupted: {
    en: "The server restarted during the import and cannot continue it. Send the file again; rows that were imported are not added twice.",
    zh: "导入期间服务器重启，无法继续。请重新上传文件，已导入的行不会重复添加。",
  },
  "not-saved": {
    en: "The server could not save these rows. Rows before them were imported.",
    zh: "服务器无法保存这些行，之前的行已导入。",
  },
  "undo-lessons": {
    en: "Taking lessons back needs a key with the permission lessons:write.",
    zh: "撤销课时导入需要密钥具有 lessons:write 权限。",
  },
  "undo-nothing": {
    en: "There is nothing to undo: it was undone before, or it is no import of people or lessons.",
    zh: "没有可撤销的内容：已撤销过，或不是人员、课时的导入。",
  },
  unreadable: { en: "{{reason}}", zh: "无法读取文件：{{reason}}" },
  "empty-file": { en: "The file is empty; the first line names the columns.", zh: "文件是空的；第一行应为列名。" },
  "no-rows": { en: "There are no rows.", zh: "没有数据行。" },
  "too-many-rows": { en: "More than {{max}} rows; split the file.", zh: "超过 {{max}} 行，请拆分文件。" },
  "too-many-cells": {
    en: "{{cells}} cells, but only {{columns}} columns are named.",
    zh: "有 {{cells}} 个单元格，但只有 {{columns}} 列有列名。",
  },
  "missing-column": { en: "this column is missing", zh: "缺少这一列" },
  "unknown-column": { en: "there is no such column; known are {{known}}", zh: "没有这一列；可用的列有 {{known}}" },
  "unknown-column-people": {
    en: "there is no such column; known are login, name, role, email, password, course",
    zh: "没有这一列；可用的列有账号、姓名、角色、邮箱、密码、课程",
  },
  "unknown-column-timetable": {
    en: "there is no such column; known are date, start, end, title, course, teacher, mode, guests, capacity",
    zh: "没有这一列；可用的列有日期、开始时间、结束时间、课时名称、课程、教师、课型、访客、人数上限",
  },
  role: {
    en: "is one of administrator, teacher, assistant, student, supervisor",
    zh: "应为学生、教师、助教、管理员或家长",
  },
  "repeated-column": { en: "this column is there twice", zh: "这一列出现了两次" },
  "no-course": { en: 'there is no course "{{name}}"', zh: "没有课程 “{{name}}”" },
  "no-teacher": { en: 'there is no teacher "{{name}}"', zh: "没有老师 “{{name}}”" },
  "administrator-course": { en: "an administrator is in no course", zh: "管理员不属于任何课程" },
  "taken-in-school": { en: "is taken already: someone in this school has it", zh: "已被使用：这所学校已有人使用" },
  "taken-in-line": { en: "is taken already: line {{line}} has it", zh: "已被使用：第 {{line}} 行" },
  "twice-in-file": { en: "is in the file twice", zh: "在文件中出现了两次" },
  "end-before-start": { en: "is not after the start", zh: "不晚于开始时间" },
  "over-midnight-too-long": {
    en: "is before the start; a lesson over midnight takes at most 12 hours",
    zh: "早于开始时间；跨午夜的课最长 12 小时",
  },
  date: { en: "is a date such as 2026-11-20, the year first", zh: "应为日期，年份在前，例如 2026-11-20" },
  time: { en: "is a time such as 09:00", zh: "应为时间，例如 09:00" },
  "no-such-time": { en: "there is no such day or time", zh: "没有这个日期或时间" },
  "skipped-time": { en: "does not exist on this day: the clocks are put forward", zh: "这一天没有这个时间（夏令时调整）" },
  "yes-or-no": { en: "is yes or no", zh: "应为“是”或“否”" },
  capacity: { en: "is a whole number from 1 to {{max}}", zh: "应为 1 到 {{max}} 的整数" },
  mode: { en: "is one of {{values}}", zh: "应为大班课、互动大班课、互动小班课、小组课、一对一之一（{{values}}）" },
  "title-too-long": { en: "is longer than {{max}} characters", zh: "超过 {{max}} 个字符" },
});
