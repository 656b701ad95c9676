/**
 * The journeys of those who do not use the page as most do: a parent who watches by a link, and a student with a keyboard alone; and what a screen
 * reader is told of the class. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { withoutSoundBeforeTouch } from "./chromium.ts";
import { ownName } from "./console-school.ts";
import { beginJourney, LOCALES, pictureMoves, pictureOf } from "./journeys.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { startTaughtLesson } from "./taught-lesson.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const WORDS = {
  "en-US": {
    name: "Your name",
    join: "Join class",
    sound: "Tap for sound",
    hand: "Raise hand",
    lower: "Hand · 1: lower it",
    write: "Write a message",
    told: [
      /heading "Fractions" \[level=1\]/,
      /region "Live lesson"/,
      /navigation "Actions":[\s\S]*button "Hand · 1: lower it" \[pressed\]/,
      /tab "Chat" \[selected\]/,
      /tabpanel "Chat":[\s\S]*region "Messages":[\s\S]*listitem/,
      /textbox "Write a message"/,
    ],
  },
  "zh-CN": {
    name: "你的名字",
    join: "进入课堂",
    sound: "点击开启声音",
    hand: "举手",
    lower: "举手 · 第 1 位，点击放下",
    write: "说点什么",
    told: [
      /heading "Fractions" \[level=1\]/,
      /region "直播课堂"/,
      /navigation "操作":[\s\S]*button "举手 · 第 1 位，点击放下" \[pressed\]/,
      /tab "聊天" \[selected\]/,
      /tabpanel "聊天":[\s\S]*region "消息":[\s\S]*listitem/,
      /textbox "说点什么"/,
    ],
  },
} as const;

for (const locale of LOCALES) {
  test(`a parent sees the lesson without a press, and hears it after one: ${locale}`, async (t) => {
    const words = WORDS[locale];
    const { server, lesson } = await startTaughtLesson(t, ownName("journey"), "Fractions");
    const { link } = await done(server, "POST", `/lessons/${lesson.id}/watchers`, { name: "李强" });
    const { open, press, reached } = beginJourney(t, "parent", locale);
    const page = await open(PHONE);
    await withoutSoundBeforeTouch(page);
    await page.goto(link);
    await until(() => pictureMoves(page), "the picture");
    await pictureOf(page, `parent-1-${locale}`);
    reached("the picture", 0);
    await press(page.getByRole("button", { name: words.sound }));
    await until(
      () => page.evaluate(() => document.querySelector("lectern-player")?.shadowRoot?.querySelector("video")?.muted === false),
      "the sound",
    );
    reached("the sound", 1);
  });

  test(`a student joins, raises a hand and writes with a keyboard alone, and a screen reader is told what there is: ${locale}`, async (t) => {
    const words = WORDS[locale];
    const { server, lesson } = await startTaughtLesson(t, ownName("journey"), "Fractions");
    const { open, key, reached } = beginJourney(t, "keyboard", locale);
    const page = await open({ viewport: { width: 1440, height: 900 } });
    await page.goto(`${server.http}/j/${lesson.code}`);
    await page.getByLabel(words.name).waitFor();
    await tabTo(page, key, words.name);
    await page.keyboard.type("李梅");
    await key(page, "Enter");
    await until(() => pictureMoves(page), "the picture");
    reached("joined", 2);
    await page.getByRole("button", { name: words.hand }).waitFor();
    await tabTo(page, key, words.hand);
    await key(page, "Enter");
    await page.getByRole("button", { name: words.lower }).waitFor();
    reached("the hand is up", 12);
    await tabTo(page, key, words.write);
    await page.keyboard.type("½!");
    await key(page, "Enter");
    await page.locator(".chat-line:not(.sending)", { hasText: "½!" }).waitFor();
    reached("written", 23);
    assert.deepEqual(missing(await page.locator("main").ariaSnapshot(), words.told), []);
  });
}

/** Goes on by Tab until the control with this name has the focus. */
async function tabTo(page: Page, key: (page: Page, name: string) => Promise<void>, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const focused = await page.evaluate(() => {
      const { activeElement: at } = document;
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : "";
      return at?.getAttribute("aria-label") || label || at?.textContent || "";
    });
    if (focused.trim() === name) return;
    await key(page, "Tab");
  }
  assert.fail(`${name} is not reached by Tab`);
}

/** Of what a screen reader has to be told, what is not in the tree. */
function missing(tree: string, told: readonly RegExp[]): readonly RegExp[] {
  return told.filter((one) => !one.test(tree));
}
