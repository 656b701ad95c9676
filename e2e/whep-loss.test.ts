/**
 * WHEP over a line that loses packets: in a network namespace of its own, where nftables drops some of what the server sends. `script/drill realtime`
 * measures how long the picture stands. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { getuid } from "node:process";
import { test } from "node:test";
import { launchBrowser } from "./browser.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { startLectern, until } from "./lectern.ts";
import { watchWhep, whepPage, whepStatistics } from "./whep-page.ts";

const INSIDE = "TEST_NETWORK_NAMESPACE";
const PORT = 18_189;
const LOST_PERCENT = 5;
const FRAMES = 125;

/** Runs this file again in a namespace with a network of its own. ICE does not use the addresses of `lo`, so there is another interface. */
function again(): Promise<number | null> {
  const network = "ip link set lo up; ip link add wire0 type bridge; ip addr add 10.99.0.1/24 dev wire0; ip link set wire0 up";
  const command = `${network}; exec "$0" --test "$1"`;
  const child = spawn("unshare", ["--net", "sh", "-c", command, process.execPath, import.meta.filename], {
    // Without the variable, this is a run of its own.
    env: { ...process.env, [INSIDE]: "1", NODE_TEST_CONTEXT: undefined },
    stdio: "inherit",
  });
  return new Promise((resolve) => child.on("exit", resolve));
}

/** On the way in: a packet that is dropped on the way out is an error of the one who sends it. */
function lose(): void {
  const rules = `table inet line { chain in { type filter hook input priority 0; udp sport ${PORT}-${PORT + 9} numgen random mod 100 < ${LOST_PERCENT} drop; }; }`;
  execFileSync("nft", ["-f", "-"], { input: rules });
}

if (process.env[INSIDE] !== "1") {
  test("the picture goes on where packets are lost", { skip: getuid?.() === 0 ? false : "needs root" }, async () => {
    assert.equal(await again(), 0);
  });
} else {
  test("with one packet of twenty lost the picture goes on, since each is sent again", async (t) => {
    const lectern = await startLectern(t, { "webrtc.port": String(PORT), workers: "1" });
    publishForever(t, clip("for WebRTC", 20), `${lectern.rtmp}/live/lossy`);
    await lectern.stream("lossy", ({ video }) => video !== null);
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const page = await whepPage(t, browser);
    assert.equal((await watchWhep(page, `${lectern.http}/live/lossy/whep`)).status, 201);
    await until(async () => (await whepStatistics(page)).frames > 10, "pictures");
    lose();
    const before = await whepStatistics(page);
    const after = await until(async () => {
      const now = await whepStatistics(page);
      return now.frames > before.frames + FRAMES && now.nack > before.nack ? now : null;
    }, "pictures in spite of the loss");
    t.diagnostic(JSON.stringify(after));
    assert.ok(after.nack > before.nack, "packets were lost");
  });
}
