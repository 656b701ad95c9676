/**
 * The journey of an administrator who sets a school up: three questions, 30 people from a Chinese file, slips for their first sign-in, a term of
 * lessons for their course, and the first class on the home page. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newSchool, ownName } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { beginJourney, LOCALES, pictureOf } from "./journeys.ts";
import { push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PEOPLE = 30;
const WORDS = {
  "en-US": {
    create: "Create",
    import: "Import a file",
    choose: "Choose a file",
    start: `Import ${PEOPLE} rows`,
    invite: "Invite people who have not signed in",
    slips: "Print slips",
    close: "Close",
    timetable: "Plan the timetable",
    home: "Home",
    add: "Add",
    title: "Title",
    starts: "Starts",
    ends: "Ends",
    repeats: "Repeats",
    weekly: "Every week",
    until: "Until",
    course: "Course",
    teacher: "Teacher",
  },
  "zh-CN": {
    create: "创建",
    import: "导入名单文件",
    choose: "选择文件",
    start: `导入 ${PEOPLE} 行`,
    invite: "邀请未登录的人",
    slips: "打印邀请条",
    close: "关闭",
    timetable: "安排课程表",
    home: "首页",
    add: "添加",
    title: "标题",
    starts: "开始时间",
    ends: "结束时间",
    repeats: "重复",
    weekly: "每周",
    until: "截止日期",
    course: "课程",
    teacher: "教师",
  },
} as const;

/** As a school's office writes them. */
function list(own: string): Buffer {
  const rows = Array.from({ length: PEOPLE - 1 }, (_, i) => `xs${i + 1}-${own},学生${i + 1},学生,七年级数学`);
  return Buffer.from(["登录名,姓名,身份,课程", `chen-${own},陈建国,教师,七年级数学`, ...rows].join("\r\n"));
}

for (const locale of LOCALES)
  test(`an administrator sets a school up, from three questions to the first class: ${locale}`, async (t) => {
    const words = WORDS[locale];
    const server = await sharedLectern();
    const school = await newSchool(server, "Asia/Shanghai");
    const { open, press, chooseFile, reached } = beginJourney(t, "administrator", locale);
    const page = await open({ viewport: { width: 1440, height: 900 }, timezoneId: "Asia/Shanghai" });
    await signInBrowser(page.context(), server.http, await school.tokenOf("administrator"));
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const shot = (name: string) => pictureOf(page, `administrator-${name}-${locale}`);
    await page.goto(`${server.http}/console`);
    await button(words.create).waitFor();
    await shot("1-questions");
    await press(button(words.create));
    await page.locator(".first-run[role=status]").waitFor();
    await shot("2-ready");
    reached("the first lesson is there", 1);

    await press(page.getByRole("link", { name: words.import }));
    await chooseFile(button(words.choose), { name: "名单.csv", mimeType: "text/csv", buffer: list(ownName("x")) });
    await button(words.start).waitFor();
    await shot("4-import");
    await press(button(words.start));
    await page.getByText(words.invite).waitFor();
    await shot("5-imported");
    reached("30 people are in", 4);

    await press(page.getByText(words.invite));
    await shot("6-invite");
    await press(button(words.slips));
    await page.locator(".slips li").nth(30).waitFor();
    await shot("7-slips");
    await press(button(words.close));
    reached("everybody is invited", 7);

    await press(page.getByRole("link", { name: words.home, exact: true }));
    await press(page.getByRole("link", { name: words.timetable }));
    await button(words.add).waitFor();
    await shot("8-timetable");
    await press(button(words.add));
    const drawer = page.getByRole("dialog");
    await drawer.getByLabel(words.title).fill("分数");
    await shot("9-lesson");
    await drawer.getByLabel(words.starts).fill("2090-03-06T09:00");
    await drawer.getByLabel(words.ends).fill("2090-03-06T09:45");
    await press(drawer.getByRole("combobox", { name: words.repeats }));
    await press(page.getByRole("option", { name: words.weekly, exact: true }));
    await drawer.getByLabel(words.until).fill("2090-06-30");
    await press(drawer.getByRole("combobox", { name: words.course }));
    await press(page.getByRole("option", { name: "七年级数学" }));
    await press(drawer.getByRole("combobox", { name: words.teacher }));
    await press(page.getByRole("option", { name: /陈建国/ }));
    await shot("10-term");
    await press(drawer.getByRole("button", { name: words.create }));
    await drawer.waitFor({ state: "detached" });
    const { items } = await school.call("GET", "/lessons?limit=100");
    assert.ok(items.length >= 17, `${items.length} lessons`);
    reached("a term of lessons", 17);

    push(t, items.find(({ startsAt }: { startsAt: string | null }) => startsAt === null).stream.rtmpUrl, "calm");
    await press(page.getByRole("link", { name: words.home, exact: true }));
    await page.locator("img.still").first().waitFor();
    await shot("11-home");
    reached("the first class on the home page", 18);
  });
