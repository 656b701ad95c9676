/** In the studio nothing jumps by itself: from its opening over the checks and the live lesson to what follows it, on a phone, a tablet and a desktop. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noteShifts, shiftsOf } from "./layout-shifts.ts";
import { HANG_MS, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { DESKTOP, openPage, openWorld, PHONE, picture, type Screen } from "./stage-pages.ts";

/** "Good" of https://web.dev/articles/cls is 0.1. */
const MAX_SHIFT = 0.02;
const TABLET = { width: 820, height: 1180 };
/** The figures of the uplink have come, and the first segment is recorded. */
const LIVE_MS = 6000;

for (const [name, screen] of Object.entries({ desktop: DESKTOP, tablet: TABLET, phone: PHONE }) as [string, Screen][])
  test(`on a ${name} the studio stands still from its opening to the end of the lesson`, async (t) => {
    const { server, token, teacherId } = await openWorld();
    const lesson = await done(server, "POST", "/lessons", { title: "Fractions", teacherId, record: true, guests: true });
    const page = await openPage(t, `/studio/${lesson.id}`, screen, token);
    await noteShifts(page);
    await page.reload();
    const press = (label: string) => page.getByRole("button", { name: label, exact: true }).click();
    const judged = async (phase: string): Promise<void> => {
      const { value, what } = await shiftsOf(page);
      t.diagnostic(`${name}, ${phase}: ${value.toFixed(4)}`);
      for (const one of what) t.diagnostic(one);
      await picture(page, `shifts-${name}-${phase}`);
      assert.ok(value <= MAX_SHIFT, `${phase}: ${value}\n${what.join("\n")}`);
    };
    await page.locator(".side-tabs").waitFor({ state: "attached" });
    await page.waitForLoadState("networkidle");
    await judged("opened");
    await press("Turn on camera and microphone");
    await page.locator(".check-card.done").nth(2).waitFor();
    await judged("prepared");
    await press("Go live");
    await page.locator(".stage.on-air").waitFor();
    const liveSince = performance.now();
    await page.getByRole("button", { name: "Chapter", exact: true }).and(page.locator(":enabled")).waitFor();
    await until(() => performance.now() > liveSince + LIVE_MS, "some of the lesson");
    await judged("live");
    await press("End lesson");
    await press("End for everyone");
    await page.locator("lectern-replay").waitFor({ timeout: HANG_MS });
    await page.waitForLoadState("networkidle");
    await judged("over");
  });
