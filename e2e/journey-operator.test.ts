/** The journey of an operator: from the home page to what is wrong, and to the node that is sick. Only with --all, or by name. */
import { test } from "node:test";
import { joined, startNats, startNode } from "./cluster.ts";
import { newPerson } from "./console-school.ts";
import { beginJourney, LOCALES, pictureOf } from "./journeys.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { signInBrowser } from "./sign-in-browser.ts";

for (const locale of LOCALES)
  test(`an operator finds a sick node from the home page: ${locale}`, async (t) => {
    const nats = await startNats(t);
    const origin = await startNode(t, nats, "origin-1", "origin,control,edge");
    const edge = await startNode(t, nats, "edge-1", "edge");
    await joined([origin, edge]);
    const { token } = await newPerson(origin, null, "operator", "Sam Ortiz");
    const { open, press, reached } = beginJourney(t, "operator", locale);
    const page = await open({ viewport: { width: 1440, height: 900 } });
    await signInBrowser(page.context(), origin.http, token);
    await page.goto(`${origin.http}/console`);
    await page.locator(".all-well, .first-run, .attention-box").first().waitFor();
    edge.process.kill("SIGKILL");
    await until(async () => (await done(origin, "GET", "/alarms?open=true")).items.length > 0, "the alarm");
    await page.locator(".attention a").first().waitFor();
    await pictureOf(page, `operator-1-${locale}`);
    await press(page.locator(".attention a").first());
    const subject = page.getByRole("link", { name: "edge-1", exact: true });
    await subject.waitFor();
    await pictureOf(page, `operator-2-${locale}`);
    reached("what is wrong", 1);
    await press(subject);
    await page.getByRole("heading", { level: 1, name: "edge-1" }).waitFor();
    await pictureOf(page, `operator-3-${locale}`);
    reached("the node that is sick", 2);
  });
