/** Looks at the demonstration's lesson as a student: with a name, until the picture moves. */
import { join } from "node:path";
import { openPage } from "./chromium.ts";
import { pictureMoves } from "./journeys.ts";
import { type Lectern, type Scope, until } from "./lectern.ts";

/** @param name of the picture, which is kept where SCREENSHOTS names a folder */
export async function seeDemoLesson(t: Scope, server: Lectern, name: string): Promise<void> {
  const path = await until(
    () => /^class: https?:\/\/[^/]+(\/j\/\w+)$/m.exec(server.said())?.[1] ?? null,
    "the address of the class",
  );
  const page = await openPage(t, { viewport: { width: 1280, height: 800 }, locale: "en-US" });
  await page.goto(server.http + path);
  await page.locator("#name").fill("Anna");
  await page.getByRole("button", { name: "Join class", exact: true }).click();
  await until(() => pictureMoves(page), "the picture of the lesson");
  const folder = process.env["SCREENSHOTS"];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
  // Its server ends in the test, which a page would report.
  await page.close();
}

/** Ids of the lessons that the school has. */
export async function lessonIds(server: Lectern): Promise<readonly string[]> {
  const answer = await server.api("/api/v1/lessons?limit=100");
  const { items }: { items: readonly { id: string }[] } = await answer.json();
  return items.map(({ id }) => id).toSorted();
}
