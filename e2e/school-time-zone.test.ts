/** The time zone of a school, in the console: found by a city, in both languages, and kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newSchool, signedIn } from "./console-school.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";

for (const [locale, label, typed, shown, save] of [
  ["en-US", "Time zone", "new york", /America\/New York · GMT-/, "Save"],
  ["zh-CN", "时区", "日本", /^日本.*时间 · Asia\/Tokyo · GMT\+9$/, "保存"],
] as const)
  test(`the time zone of a school is chosen from a list that is searched: ${locale}`, async (t) => {
    const server = await sharedLectern();
    const school = await newSchool(server, "Asia/Shanghai");
    const page = await signedIn(t, server, school, "/settings", { options: { locale, viewport: { width: 1280, height: 900 } } });
    const field = page.getByRole("combobox", { name: label });
    assert.match(await field.inputValue(), / · Asia\/Shanghai · GMT\+8$/);
    await field.fill("atlantis");
    await page.getByText(/No time zone matches|没有匹配的时区/).waitFor();
    await field.fill(typed);
    await page.getByRole("option", { name: shown }).click();
    await page.getByRole("button", { name: save, exact: true }).click();
    const zone = async () => (await school.call("GET", `/schools/${school.id}`)).timeZone;
    await until(async () => (await zone()) === (locale === "en-US" ? "America/New_York" : "Asia/Tokyo"), "the zone");
  });
