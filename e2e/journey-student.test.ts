/**
 * The journey of a student on a phone: from the link behind a QR code to picture and sound, then a raised hand, an answer and a word in the chat.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutSoundBeforeTouch } from "./chromium.ts";
import { ownName } from "./console-school.ts";
import { beginJourney, LOCALES, pictureMoves, pictureOf } from "./journeys.ts";
import { until } from "./lectern.ts";
import { startTaughtLesson } from "./taught-lesson.ts";

const WORDS = {
  "en-US": {
    join: "Join class",
    hand: "Raise hand",
    lower: "Hand · 1: lower it",
    sent: "Sent: 0.5.",
    write: "Write a message",
    send: "Send",
  },
  "zh-CN": {
    join: "进入课堂",
    hand: "举手",
    lower: "举手 · 第 1 位，点击放下",
    sent: "已提交：0.5",
    write: "说点什么",
    send: "发送",
  },
} as const;

for (const locale of LOCALES)
  test(`a student hears and sees the lesson after one press, then raises a hand, answers and writes: ${locale}`, async (t) => {
    const words = WORDS[locale];
    const { server, lesson, teach } = await startTaughtLesson(t, ownName("journey"), locale === "en-US" ? "Fractions" : "分数");
    const { open, press, reached } = beginJourney(t, "student", locale);
    const page = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
    await withoutSoundBeforeTouch(page);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    await page.goto(`${server.http}/j/${lesson.code}`);
    await page.locator("#name").fill("李梅");
    await pictureOf(page, `student-1-${locale}`);
    await press(button(words.join));
    await until(() => pictureMoves(page), "the picture");
    const isMuted = () => page.evaluate(() => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.muted);
    assert.equal(await isMuted(), false, "the press that joins lets the sound begin");
    await button(words.hand).waitFor();
    await pictureOf(page, `student-2-${locale}`);
    reached("picture and sound", 1);

    await press(button(words.hand));
    await button(words.lower).waitFor();
    await pictureOf(page, `student-3-${locale}`);
    reached("the hand is up", 2);

    await teach("quiz", { action: "open", type: "single", text: "5/10 = ?", options: ["0.2", "0.5"], correct: [1] });
    await pictureOf(page, `student-4-${locale}`);
    await press(button("0.5"));
    await page.getByText(words.sent).first().waitFor();
    await pictureOf(page, `student-5-${locale}`);
    reached("answered", 3);

    await press(page.locator(".sheet .icon-button"));
    await page.getByLabel(words.write).fill("½!");
    await press(button(words.send));
    await page.locator(".chat-line:not(.sending)", { hasText: "½!" }).waitFor();
    await pictureOf(page, `student-6-${locale}`);
    reached("written", 5);
  });
