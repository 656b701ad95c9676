/**
 * The console's pages of alarms and of lesson quality in Chromium, with answers of the API: a storm is one row, alarms are acknowledged, and make-up
 * lessons are decided. One journey with a server: rules and channels are made. With SCREENSHOTS=FOLDER, each page is saved there in every look. Only
 * with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { axeFaults } from "./axe-faults.ts";
import { openOwnPage } from "./chromium.ts";
import { newPerson, newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import type { Body } from "./lesson-client.ts";
import { runsRare } from "./long-tests.ts";
import { alarmAnswers, qualityAnswers } from "./quality-answers.ts";
import type { Answers } from "./served-answers.ts";
import { servePages } from "./served-pages.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
/** What is wrong with a field, below it. */
const ERROR = ".mantine-InputWrapper-error";

async function save(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const choose = async (page: Page, label: string, option: string): Promise<void> => {
  await page
    .getByRole("combobox", { name: label })
    .or(page.getByRole("textbox", { name: label }))
    .click();
  await page.getByRole("option", { name: option, exact: true }).click();
};

test("a storm is one row, which opens; what comes and goes is one too; one click takes care of all of it", async (t) => {
  const { alarms, answers } = alarmAnswers();
  const { open, http } = await servePages(t, answers);
  const page = await open("/console/alarms");
  const storm = row(page, "Link loses packets");
  await storm.getByText("21 alarms").click();
  assert.equal(await storm.count(), 1);
  await storm.getByRole("link", { name: "origin-1 → edge-13" }).waitFor();
  await storm.getByText("and 18 more").waitFor();
  await row(page, "Uplink poor").getByText("3 alarms").waitFor();
  await row(page, "Uplink poor").getByRole("link", { name: "live/math", exact: true }).first().waitFor();
  await storm.getByRole("button", { name: "Acknowledge: Link loses packets" }).click();
  await storm.getByText(/^Wang operator, /).waitFor();
  const left = alarms.filter(({ code, acknowledgedAt }) => code === "link-lossy" && acknowledgedAt === null);
  assert.deepEqual(left, []);

  await page.getByLabel("Select: Exit bandwidth nearly full").check();
  await page.getByLabel("Select: Uplink poor").check();
  await page.getByRole("button", { name: "Acknowledge", exact: true }).first().click();
  await page.getByText("2 lines acknowledged.").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByText("The change was undone.").waitFor();
  await row(page, "Exit bandwidth").getByRole("button", { name: "Acknowledge: Exit bandwidth nearly full" }).waitFor();
  await page.goto(`${http}/console/alarms?severity=critical`);
  await row(page, "Exit bandwidth").getByText("97 %").waitFor();
  assert.equal(await row(page, "Link loses").count(), 0);
});

test("the home page marks a critical alarm that nobody takes care of, and leads to what was measured", async (t) => {
  const { open } = await servePages(t, alarmAnswers().answers);
  const page = await open("/console");
  const list = page.locator(".attention li");
  await list.first().getByText("Critical").waitFor();
  await list.first().getByRole("link", { name: "Exit bandwidth nearly full: edge-7.beijing" }).click();
  await page.getByRole("heading", { name: "Exit bandwidth nearly full" }).waitFor();
  await page
    .getByText("Critical when the exit bandwidth in use of a node is above 90 % for 60 s, until it is 80 % or less for 60 s.")
    .waitFor();
  await page.getByRole("img", { name: /exit bandwidth in use: .*Threshold 90%/ }).waitFor();
  await row(page, "memory in use").getByText("51 %").waitFor();
  await page.getByRole("button", { name: "Acknowledge" }).click();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("Nobody yet").waitFor();
});

test("a rule is made with a sentence that says it, changed, silenced, and deleted", async (t) => {
  const server = await sharedLectern();
  const { token } = await newPerson(server, null, "operator");
  const page = await openOwnPage(t, { viewport: { width: 1280, height: 900 } }, server.http);
  await signInBrowser(page.context(), server.http, token);
  await page.goto(`${server.http}/console/alarms/rules`);
  await row(page, "Exit bandwidth nearly full")
    .getByText(/above 90\s% for 60 s/)
    .waitFor();
  await page.getByRole("button", { name: "Add" }).click();
  const form = page.locator("form");
  await form
    .getByText("Critical when the exit bandwidth in use of a node is above 95 % for 60 s, until it is 85 % or less for 120 s.")
    .waitFor();
  await form.getByLabel("Name").fill("Slow mountains");
  await choose(page, "What is measured", "Links between nodes");
  await choose(page, "Metric", "round-trip time");
  await form.getByLabel("Threshold").fill("600");
  await form.getByLabel("Ends at").fill("700");
  await form.getByLabel("Only for").fill("mountain-*");
  await form
    .getByText("Critical when the round-trip time of “mountain-*” is above 600 ms for 60 s, until it is 700 ms or less for 120 s.")
    .waitFor();
  await form.getByRole("button", { name: "Create" }).click();
  await page
    .getByRole("alert")
    .getByText(/clearThreshold/)
    .waitFor();
  await form.getByLabel("Ends at").fill("500");
  await form.getByRole("button", { name: "Create" }).click();
  await row(page, "Slow mountains").getByText("Custom").waitFor();
  await page.getByRole("button", { name: "Edit: Slow mountains" }).click();
  await form.getByLabel("Threshold").fill("800");
  await form.getByRole("button", { name: "Save" }).click();
  await row(page, "Slow mountains")
    .getByText(/above 800\sms/)
    .waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "Slow mountains")
    .getByText(/above 600\sms/)
    .waitFor();
  await page.getByLabel("Select: Slow mountains").check();
  await page.getByRole("button", { name: "Silence for 8 hours" }).click();
  await row(page, "Slow mountains")
    .getByText(/^Silent until/)
    .waitFor();
  await page.getByLabel("Select: Slow mountains").check();
  await page.getByRole("button", { name: "Delete permanently" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  await row(page, "Slow mountains").waitFor({ state: "detached" });

  const administrator = await signedIn(t, server, await newSchool(server), "/alarms");
  await administrator.getByRole("link", { name: "Channels" }).waitFor();
  assert.equal(await administrator.getByRole("link", { name: "Rules" }).count(), 0);
});

test("an administrator makes a channel, tests it and reads why it failed; its secret is not shown again", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server);
  const page = await signedIn(t, server, school, "/alarms/channels");
  await page.getByText("No channels: alarms are only listed here.").waitFor();
  await page.getByRole("button", { name: "Add" }).first().click();
  const form = page.locator("form");
  await choose(page, "Kind", "DingTalk group robot");
  await form.getByText(/choose “Sign” and copy its secret/).waitFor();
  await form.getByLabel("Name").fill("IT group");
  await form.getByLabel("Address of the robot").fill("http://127.0.0.1:9/robot?access_token=TOPSECRET");
  await form.getByLabel("Secret of the signature").fill("SECVERYSECRET");
  await form.getByRole("button", { name: "Create" }).click();
  await row(page, "IT group").getByText("http://127.0.0.1:9/***").waitFor();
  await page.getByRole("button", { name: "Test: IT group" }).click();
  await page
    .getByRole("alert")
    .getByText(/“IT group” did not accept the test message: .*private network/)
    .waitFor();
  await page.getByRole("button", { name: "Edit: IT group" }).click();
  await form.getByText("Empty: as it is, http://127.0.0.1:9/***").waitFor();
  assert.doesNotMatch(await page.content(), /TOPSECRET|VERYSECRET/);
  await form.getByLabel("Name").fill("IT");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "IT group").waitFor();
  const [channel] = (await school.call("GET", "/alarm-channels")).items;
  assert.deepEqual([channel.schoolId, channel.kind, channel.hasSecret], [school.id, "dingtalk", true]);
});

test("an administrator sets when a channel is told; what is wrong with a time or an address is told at its field", async (t) => {
  const server = await sharedLectern();
  const school = await newSchool(server, "Asia/Shanghai");
  const page = await signedIn(t, server, school, "/alarms/channels");
  await page.getByRole("button", { name: "Add" }).first().click();
  const form = page.locator("form");
  await form.getByLabel("Name").fill("Night watch");
  await form.getByLabel("Address of the incoming webhook").fill("hooks.slack.com");
  await form.getByText("Only new critical alarms are sent at once").filter({ hasText: "Time zone: Asia/Shanghai." }).waitFor();
  await form.getByRole("button", { name: "Add time: Quiet hours" }).click();
  const quiet = form.getByRole("group", { name: "Quiet hours: Time 1" });
  await quiet.getByLabel("From").fill("21:30");
  for (const day of ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
    await quiet.getByRole("checkbox", { name: day }).uncheck();
  const errors = form.locator(ERROR);
  await form.getByRole("button", { name: "Create" }).click();
  await form.locator(".time-windows").filter({ hasText: "Quiet hours" }).locator(ERROR).waitFor();
  assert.deepEqual(await errors.allTextContents(), ["Choose at least one day for each time."]);
  await quiet.getByRole("checkbox", { name: "Friday" }).check();
  await form.getByRole("button", { name: "Create" }).click();
  await until(async () => (await errors.allTextContents()).join().includes("https address"), "the address's mistake at its field");
  await save(page, "channel-mistakes");
  await form.getByLabel("Address of the incoming webhook").fill("https://hooks.slack.com/services/T0/B0/KEY");
  await form.getByRole("button", { name: "Add time: On call" }).click();
  await save(page, "channel-hours");
  await form.getByRole("button", { name: "Create" }).click();
  await row(page, "Night watch").getByText("On call: Mon–Fri 07:30–18:00").waitFor();
  await row(page, "Night watch").getByText("Quiet: Fri 21:30–07:00 on the next day").waitFor();
  const stored = async () => (await school.call("GET", "/alarm-channels")).items.find(({ name }: Body) => name === "Night watch");
  const hours = {
    onCall: [{ days: [1, 2, 3, 4, 5], from: "07:30", to: "18:00" }],
    quiet: [{ days: [5], from: "21:30", to: "07:00" }],
  };
  const { onCall, quiet: stays } = await stored();
  assert.deepEqual({ onCall, quiet: stays }, hours);
  await page.getByRole("button", { name: "Edit: Night watch" }).click();
  await form.getByRole("button", { name: "Remove time 1: On call" }).click();
  await form.getByRole("button", { name: "Save" }).click();
  await row(page, "Night watch").getByText("On call:").waitFor({ state: "detached" });
  assert.deepEqual((await stored()).onCall, []);
  await page.getByRole("button", { name: "Undo" }).click();
  await row(page, "Night watch").getByText("On call: Mon–Fri").waitFor();

  const chinese = await signedIn(t, server, school, "/alarms/channels", {
    options: { locale: "zh-CN", viewport: { width: 360, height: 740 } },
  });
  await chinese.getByRole("button", { name: "编辑：Night watch" }).click();
  await chinese.locator("form").getByRole("group", { name: "免打扰时间：时段 1" }).waitFor();
  await save(chinese, "channel-hours-zh");
  assert.deepEqual(await axeFaults(chinese), []);
});

test("the report shows what fell short, leads from a day to its lessons, and is exported", async (t) => {
  const { lessonId, answers } = qualityAnswers();
  const { open, http } = await servePages(t, answers);
  const page = await open("/console/quality");
  await page.getByRole("region", { name: "Total" }).getByText("Watched to the end").waitFor();
  assert.equal(await page.getByRole("row").count(), 13);
  await choose(page, "Group by", "Teacher");
  await row(page, "Wang teacher").getByRole("link").click();
  await page.getByText("Teacher: Wang teacher").waitFor();
  const bad = row(page, "Fractions 分数");
  await bad.getByText("95%").waitFor();
  await bad.getByText("Goal missed").first().waitFor();
  await page.getByRole("button", { name: "Show all again" }).click();
  await choose(page, "Group by", "Carrier");
  await row(page, "China Telecom").waitFor();
  const link = await page.getByRole("link", { name: "Export CSV" }).getAttribute("href");
  const csv = await page.evaluate(async (address) => await (await fetch(address)).text(), link ?? "");
  assert.equal(csv, "by,carrier\r\n");
  await page.goto(`${http}/console/lessons/${lessonId}/quality`);
  await page.getByText("The lesson fell short of the school's goals.").waitFor();
});

test("the rule is a sentence with two numbers; a make-up lesson is approved, and that is taken back", async (t) => {
  const { makeUp, rule, answers } = qualityAnswers();
  const { open } = await servePages(t, answers);
  const page = await open("/console/quality/make-ups");
  const bad = row(page, "Fractions 分数");
  await bad.getByText("12 of 40 viewers").waitFor();
  await page.getByLabel("Select: Fractions 分数").check();
  await page.getByRole("button", { name: "Approve" }).click();
  await bad.getByText("Approved").waitFor();
  assert.equal(makeUp.state, "approved");
  await bad.getByText("Wang administrator").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await bad.getByText("Proposed").waitFor();
  assert.equal(makeUp.state, "proposed");
  await page.getByLabel("Share of viewers in per cent").fill("35");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The rule was saved.").waitFor();
  assert.deepEqual(rule(), { enabled: true, stallSeconds: 180, viewerShare: 0.35 });
  await page.getByRole("button", { name: "Also apply it to the last 30 days" }).click();
  await page.getByText("12 lessons were computed again.").waitFor();
  await bad.waitFor({ state: "detached" });
});

test("a teacher sees in the studio how the own lesson reached its viewers", async (t) => {
  const { lessonId, answers } = qualityAnswers("teacher");
  const { open } = await servePages(t, answers);
  const page = await open(`/studio/${lessonId}`);
  const quality = page.getByRole("region", { name: "How the lesson reached its viewers" });
  await quality.getByText("A make-up lesson is proposed. The school decides.").waitFor();
  await quality.getByText("2 reports came from viewers without a session").waitFor();
  const complaints = quality.locator("div").filter({ has: page.getByText("Complaints", { exact: true }) });
  await complaints
    .locator(".figure")
    .getByText(/^11\.9\d?\s?%$/)
    .waitFor();
  await quality.getByText("By carrier").click();
  await quality.getByRole("row").filter({ hasText: "China Mobile" }).waitFor();
});

const LOOKS = [360, 768, 1280, 1920].flatMap((width) =>
  (["en-US", "zh-CN"] as const).flatMap((locale) =>
    (["light", "dark"] as const).map((colorScheme) => ({
      viewport: { width, height: width < 700 ? 740 : 900 },
      locale,
      colorScheme,
    })),
  ),
);

for (const look of LOOKS.filter(
  ({ viewport: { width }, locale, colorScheme }) =>
    PICTURES ||
    (width === 360 ? locale === "zh-CN" && colorScheme === "light" : locale === "en-US" && colorScheme === "dark" && runsRare),
))
  test(`no page reaches out of ${look.viewport.width} px or has a fault that axe finds, ${look.locale}, ${look.colorScheme}`, async (t) => {
    const { alarms, answers } = alarmAnswers();
    const [report, studio] = [qualityAnswers(), qualityAnswers("teacher")];
    const windows: readonly (readonly [Answers, readonly (readonly [name: string, path: string, ready: string])[]])[] = [
      [
        answers,
        [
          ["home", "/console", ".attention"],
          ["alarms", "/console/alarms", "tbody tr"],
          ["alarm", `/console/alarms/${alarms[0]?.id}`, ".plot canvas"],
          ["rules", "/console/alarms/rules", "tbody tr"],
          ["channels", "/console/alarms/channels", ".sub-pages"],
        ],
      ],
      [
        report.answers,
        [
          ["report", "/console/quality", "tbody tr"],
          ["make-ups", "/console/quality/make-ups", "tbody tr"],
          ["lesson", `/console/lessons/${report.lessonId}/quality`, ".quality-figures"],
        ],
      ],
      [studio.answers, [["studio", `/studio/${studio.lessonId}`, ".quality-figures"]]],
    ];
    for (const [given, pages] of windows) {
      const { open } = await servePages(t, given);
      let page: Page | null = null;
      for (const [name, path, ready] of pages) {
        page = page === null ? await open(path, look) : await shown(page, path);
        await faultless(page, name, ready, look);
      }
    }
  });

type Look = (typeof LOOKS)[number];

async function shown(page: Page, path: string): Promise<Page> {
  await page.goto(new URL(path, page.url()).href);
  return page;
}

async function faultless(page: Page, name: string, ready: string, look: Look): Promise<void> {
  await page.locator(ready).first().waitFor();
  if (name === "rules" || name === "channels") {
    await page
      .getByRole("button", { name: look.locale === "en-US" ? "Add" : "添加" })
      .first()
      .click();
    await page.locator("form").waitFor();
    await page.mouse.move(0, 0);
  }
  // On a phone a table is cards, which are never wider than it.
  const wide = await page.evaluate(
    (parts) => {
      const elements = [...document.querySelectorAll(parts)];
      return elements.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ className }) => className);
    },
    look.viewport.width < 600 ? "html, .table-scroll" : "html",
  );
  assert.deepEqual(wide, [], `${name} is wider than the window`);
  assert.deepEqual(await axeFaults(page), [], name);
  if (PICTURES) {
    mkdirSync(PICTURES, { recursive: true });
    await until(() => page.evaluate(() => document.fonts.status === "loaded"), "letters");
    await page.screenshot({
      path: join(PICTURES, `${name}-${look.viewport.width}-${look.colorScheme}-${look.locale}.png`),
      fullPage: true,
    });
  }
}
