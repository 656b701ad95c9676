/**
 * The journey of a teacher who has never been here: from the invitation to being seen by a student in four presses; then slides, a quiz, the end, and
 * a recording that students can watch. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAKE_DEVICES } from "./browser.ts";
import { openOwnPage } from "./chromium.ts";
import { newSchool, ownName } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { beginJourney, LOCALES, pictureMoves, pictureOf } from "./journeys.ts";
import { until } from "./lectern.ts";
import { pdfOf } from "./pdf-files.ts";

const WORDS = {
  "en-US": {
    title: "Fractions",
    password: "New password",
    save: "Save and sign in",
    toLesson: "Go to “Fractions”",
    turnOn: "Turn on camera and microphone",
    goLive: "Go live",
    slides: "Slides",
    addFile: "Add a file",
    pages: "2 pages",
    quiz: "Quiz",
    single: "Single choice",
    start: "Start quiz",
    reveal: "Show answer to the class",
    end: "End lesson",
    yes: "End for everyone",
    published: "Hide from students",
  },
  "zh-CN": {
    title: "分数",
    password: "新密码",
    save: "保存并登录",
    toLesson: "进入《分数》",
    turnOn: "打开摄像头和麦克风",
    goLive: "开始直播",
    slides: "课件",
    addFile: "添加文件",
    pages: "2 页",
    quiz: "测验",
    single: "单选题",
    start: "开始测验",
    reveal: "向全班公布答案",
    end: "下课",
    yes: "结束课程",
    published: "对学生隐藏",
  },
} as const;

for (const locale of LOCALES)
  test(`a teacher is seen four presses after the invitation, teaches with slides and a quiz, and leaves a recording: ${locale}`, async (t) => {
    const words = WORDS[locale];
    const server = await sharedLectern({ "publish.graceSeconds": "1" });
    const school = await newSchool(server);
    const { call } = school;
    const login = ownName("wang");
    const teacher = await call("POST", "/users", { schoolId: school.id, login, name: "王芳", role: "teacher" });
    const times = {
      startsAt: new Date(Date.now() + 300_000).toISOString(),
      endsAt: new Date(Date.now() + 3_000_000).toISOString(),
    };
    const lesson = await call("POST", "/lessons", {
      title: words.title,
      teacherId: teacher.id,
      record: true,
      guests: true,
      ...times,
    });
    const { slips } = await call("POST", "/account-invitations/slips", { schoolId: school.id, userIds: [teacher.id] });

    const { open, press, chooseFile, reached } = beginJourney(t, "teacher", locale);
    const page = await open({ viewport: { width: 1440, height: 900 }, flags: FAKE_DEVICES });
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await page.goto(slips[0].url);
    await page.getByLabel(words.password).fill("kettle orange window");
    await pictureOf(page, `teacher-1-${locale}`);
    await press(button(words.save));
    await page.getByRole("link", { name: words.toLesson }).waitFor();
    await pictureOf(page, `teacher-2-${locale}`);
    await press(page.getByRole("link", { name: words.toLesson }));
    await button(words.turnOn).waitFor();
    await pictureOf(page, `teacher-3-${locale}`);
    await press(button(words.turnOn));
    await page.locator(".check-card.done").nth(2).waitFor();
    await pictureOf(page, `teacher-4-${locale}`);
    await press(button(words.goLive));
    await server.stream(lesson.stream.name, (stream) => stream.video !== null);
    const student = await openOwnPage(t, { locale, viewport: { width: 390, height: 844 } }, server.http);
    await student.goto(`${server.http}/j/${lesson.code}`);
    await student.locator("#name").fill("李梅");
    await student.locator('button[type="submit"]').click();
    await until(() => pictureMoves(student), "the teacher to be seen");
    reached("seen by a student", 4);

    await press(button(words.slides));
    const file = { name: "fractions.pdf", mimeType: "application/pdf", buffer: pdfOf(["Thirds", "Quarters"]) };
    await chooseFile(page.getByLabel(words.addFile), file);
    await page.getByText(words.pages, { exact: true }).waitFor();
    await press(page.getByRole("button", { name: /fractions/ }));
    await student.locator(".board-slide").first().waitFor();
    await pictureOf(page, `teacher-5-${locale}`);
    reached("slides before the class", 7);

    await press(button(words.quiz));
    await press(button(words.single));
    await pictureOf(page, `teacher-6-${locale}`);
    await press(button(words.start));
    await student.locator(".quiz-option").nth(1).click();
    await page.locator(".quiz-card .answer-bars").waitFor();
    await press(button(words.reveal));
    await pictureOf(page, `teacher-7-${locale}`);
    reached("a quiz asked and answered", 11);

    await press(button(words.end));
    await press(button(words.yes));
    await page.locator("lectern-replay").waitFor();
    // Students see recordings unless they are hidden.
    await button(words.published).waitFor();
    await pictureOf(page, `teacher-8-${locale}`);
    reached("the lesson over, its recording published", 13);
    await student.locator("lectern-replay").waitFor();
    const { items } = await call("GET", `/recordings?lessonId=${lesson.id}`);
    assert.deepEqual([items.length, items[0].published], [1, true]);
  });
