/**
 * The studio tells the teacher what limits the uplink: in both languages, with charts of the last ten minutes, and nothing on the page moves when a
 * sentence comes. With SCREENSHOTS=FOLDER, each look is saved there as an image. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UPLINK_VERDICTS, type UplinkVerdict } from "../packages/server/src/contracts/monitoring/node-sample.ts";
import { axeFaults } from "./axe-faults.ts";
import { newPerson } from "./console-school.ts";
import { sharedBrowser, sharedLectern } from "./fixtures.ts";
import { HANG_MS } from "./lectern.ts";
import { done, push } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

const PICTURES = process.env["SCREENSHOTS"];
const LOOKS = [
  { locale: "en-US", colorScheme: "light", viewport: { width: 360, height: 740 } },
  { locale: "zh-CN", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { locale: "en-US", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
] as const;

test("a sentence says what limits the uplink and what to do, and moves nothing", async (t) => {
  const server = await sharedLectern();
  const { items } = await done(server, "GET", "/schools");
  const { id: teacherId, token } = await newPerson(server, items[0].id, "teacher", "王芳");
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId });
  push(t, lesson.stream.rtmpUrl);
  await server.stream(lesson.stream.name, (stream) => stream.video !== null);
  const browser = await sharedBrowser();
  for (const look of LOOKS) {
    const context = await browser.newContext(look);
    context.setDefaultTimeout(HANG_MS);
    await signInBrowser(context, server.http, token);
    const page = await context.newPage();
    let verdict: UplinkVerdict = "none";
    const told = { health: "poor", avOffsetMs: 800, droppedFrames: 3, droppedShare: 0.00008 };
    await page.route("**/api/v1/lessons/*/stream", async (route) => {
      const { stream } = (await (await route.fetch({ maxRetries: 3 })).json()) as { stream: { readonly uplink: object } };
      await route.fulfill({ json: { stream: { ...stream, uplink: { ...stream.uplink, ...told, verdict } } } });
    });
    const history = page.waitForResponse((response) => response.url().includes("/api/v1/series?"));
    await page.goto(`${server.http}/studio/${lesson.id}`);
    await page.locator(".bar-uplink button").click();
    assert.equal((await history).status(), 200);
    const tile = page.locator(".uplink");
    await tile.getByText("0.008").waitFor();
    const height = async () => (await tile.boundingBox())?.height;
    const calm = await height();
    const sentences = new Set<string>();
    for (verdict of UPLINK_VERDICTS) {
      const where = `${verdict} ${look.locale} ${look.viewport.width}`;
      const sentence = tile.locator(`.uplink-verdict[data-verdict="${verdict}"]`);
      await sentence.waitFor({ state: "attached" });
      sentences.add((await sentence.textContent()) ?? "");
      assert.equal(await height(), calm, where);
      if (PICTURES) {
        mkdirSync(PICTURES, { recursive: true });
        await tile.screenshot({ path: join(PICTURES, `uplink-${where.replaceAll(" ", "-")}.png`) });
      }
    }
    assert.equal(sentences.size, UPLINK_VERDICTS.length, "each verdict has a sentence of its own");
    assert.deepEqual(await axeFaults(page), []);
    // A question that is answered when the page is gone would fail.
    await page.unrouteAll({ behavior: "wait" });
    await context.close();
  }
});

test("the studio lists who tried in vain to publish, in words, where streaming software is set up", async (t) => {
  const server = await sharedLectern();
  const { items } = await done(server, "GET", "/schools");
  const { id: teacherId, token } = await newPerson(server, items[0].id, "teacher", "王芳");
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId });
  for (const key of ["", "?key=wrong", "?key=other"])
    assert.notEqual((await push(t, `${server.rtmp}/live/${lesson.stream.name}${key}`).done).code, 0);
  const browser = await sharedBrowser();
  for (const look of LOOKS) {
    const context = await browser.newContext(look);
    context.setDefaultTimeout(HANG_MS);
    await signInBrowser(context, server.http, token);
    const page = await context.newPage();
    await page.goto(`${server.http}/studio/${lesson.id}`);
    const isEnglish = look.locale === "en-US";
    await page.getByRole("switch", { name: isEnglish ? "I use OBS" : "用 OBS 推流" }).click();
    const list = page.locator(".failed-attempts");
    await list.locator("li").nth(2).waitFor();
    const codes = await list.locator("li").evaluateAll((lines) => lines.map((one) => one.getAttribute("data-code")));
    assert.deepEqual(codes, ["bad-key", "bad-key", "not-signed-in"]);
    assert.match((await list.textContent()) ?? "", isEnglish ? /The publish key is not valid/ : /推流密钥不正确/);
    await page
      .locator(".stage-message", { hasText: isEnglish ? "Your encoder was refused: The publish key" : "编码器被拒绝" })
      .waitFor();
    if (PICTURES) {
      mkdirSync(PICTURES, { recursive: true });
      await list.screenshot({ path: join(PICTURES, `attempts-list-${look.locale}-${look.viewport.width}.png`) });
      await page.screenshot({ path: join(PICTURES, `attempts-${look.locale}-${look.viewport.width}.png`) });
    }
    assert.deepEqual(await axeFaults(page), []);
    await context.close();
  }
});
