/**
 * A browser in a network where UDP does not pass, from the beginning or from some moment on: it publishes by WebSocket, without a click. The test runs
 * in a network namespace of its own, whose routing rules forbid UDP. `script/drill realtime` measures how soon. Needs
 * root. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Scope, until } from "./lectern.ts";
import { POOL_VARIABLE } from "./pool.ts";
import { cameraBrowser, publishingPage, type SeenState, seenStates, startPublishing, stateOf } from "./published-page.ts";

const INSIDE = "TEST_IN_OWN_NETWORK";
const ADDRESS = "10.9.9.1";
/** A machine without a network card but the loopback one has no candidates of ICE. The rule of local addresses makes room for one before it. */
const NETWORK = `
ip link set lo up
ip link add card type veth peer name other
ip addr add ${ADDRESS}/24 dev card
ip link set card up && ip link set other up
ip route add default dev card
ip rule add pref 10 lookup local && ip rule del pref 0
`;

const ip = (...args: readonly string[]) => execFileSync("ip", args);
/** Until the test is over. */
function blockUdp(t: Scope): void {
  ip("rule", "add", "pref", "5", "ipproto", "udp", "blackhole");
  t.after(() => ip("rule", "del", "pref", "5"));
}
async function openPage(name: string): Promise<Page> {
  const lectern = await sharedLectern({ workers: "1", "http.host": "0.0.0.0" });
  const server = `http://${ADDRESS}:${lectern.httpPort}`;
  // Cameras are for secure origins.
  const browser = await cameraBrowser(wholeFile, [`--unsafely-treat-insecure-origin-as-secure=${server}`]);
  const page = await publishingPage(wholeFile, browser, server);
  await startPublishing(page, { address: `${server}/live/${name}` });
  return page;
}

const live = (page: Page, way: string) =>
  until(async () => {
    const state = await stateOf(page);
    return state.phase === "live" && state.way === way;
  }, `the publisher by ${way}`);

const lastLive = (states: readonly SeenState[], way: string) =>
  states.findLast((state) => state.phase === "live" && state.way === way)?.at ?? 0;

if (process.env[INSIDE]) {
  test("where UDP does not pass it is live by WebSocket, and goes there at once the next time", async (t) => {
    blockUdp(t);
    const page = await openPage("blocked");
    await live(page, "websocket");
    const states = await seenStates(page);
    const tookMs = lastLive(states, "websocket") - (states[0]?.at ?? 0);
    t.diagnostic(`live after ${Math.round(tookMs)} ms`);
    const address = await page.evaluate(() => `${location.origin}/live/blocked2`);
    await startPublishing(page, { address });
    await live(page, "websocket");
    const again = (await seenStates(page)).slice(states.length);
    assert.ok(
      again.every(({ way }) => way === "websocket"),
      JSON.stringify(again),
    );
  });

  test("where UDP stops passing in the middle it is live by WebSocket", async (t) => {
    const page = await openPage("middle");
    await live(page, "whip");
    const blockedAt = await page.evaluate(() => performance.now());
    blockUdp(t);
    await live(page, "websocket");
    const tookMs = lastLive(await seenStates(page), "websocket") - blockedAt;
    t.diagnostic(`live again after ${Math.round(tookMs)} ms: ${JSON.stringify(await seenStates(page))}`);
  });
} else {
  test("without UDP a browser publishes by WebSocket", { skip: process.getuid?.() !== 0 }, async (t) => {
    const inside = `${NETWORK} exec "$0" --test-reporter=spec --test "$1"`;
    const child = spawn("unshare", ["--net", "sh", "-ec", inside, process.execPath, import.meta.filename], {
      // The run's servers are outside of the namespace.
      env: { ...process.env, [INSIDE]: "1", [POOL_VARIABLE]: undefined, NODE_TEST_CONTEXT: undefined },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.on("data", (bytes) => (said += bytes));
    const code = await new Promise((resolve) => child.on("close", resolve));
    t.diagnostic(said);
    assert.equal(code, 0, said);
  });
}
