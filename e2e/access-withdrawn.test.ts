/**
 * A permission that is withdrawn during playback: every protocol ends within five seconds, also where the control process dies at this moment, and
 * a time that closes while it is gone. The same on an edge of a cluster: access-cluster.test.ts.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertWithdrawn, DENIED, OTHER, openEverything } from "./access-table/withdrawn.ts";
import { clip } from "./clips.ts";
import { publish } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { childrenOf, type Lectern, until } from "./lectern.ts";
import { type Body, done } from "./lesson-client.ts";
import { pidOf } from "./worker-connections.ts";

const STREAM = "math";
const LIMITS = { "limits.perAddress.requestsPerSecond": "100000", "limits.perAddress.connections": "1000" };

/** A server with a live stream and a recording of it. */
async function liveServer(): Promise<{ lectern: Lectern; recording: string }> {
  const lectern = await sharedLectern({ workers: "2", "recording.auto": "pushed", "publish.graceSeconds": "0", ...LIMITS });
  const push = (args: readonly string[] = []) => publish(wholeFile, clip("numbered", 300), `${lectern.rtmp}/live/${STREAM}`, args);
  const whole = async () => (await done(lectern, "GET", "/recordings")).items.find((one: Body) => one.whole)?.id ?? null;
  const known: string | null = await whole();
  if (known === null) await push(["-t", "4"]).done;
  const recording: string = known ?? (await until(whole, "the recording"));
  if (known === null) push();
  await lectern.stream(STREAM, ({ video }) => video?.gopSeconds != null);
  return { lectern, recording };
}

const target = { level: "stream", id: `live/${STREAM}` };
const deny = { kind: "addresses", for: "play", deny: [DENIED] };

/** Kills the control process, which is started again by itself. */
function killControl(lectern: Lectern): void {
  const pid = pidOf(lectern, "control");
  assert.ok(childrenOf(lectern.process.pid ?? 0).includes(pid), "the control process");
  process.kill(pid, "SIGKILL");
}

test("a rule that refuses ends every protocol within five seconds, and nothing of others", async (t) => {
  const { lectern, recording } = await liveServer();
  const policy = await done(lectern, "POST", "/policies", { target, rules: [{ ...deny, deny: ["192.0.2.1"] }] });
  const [denied, other] = [
    await openEverything(t, lectern, STREAM, recording, DENIED),
    await openEverything(t, lectern, STREAM, recording, OTHER),
  ];
  await done(lectern, "PATCH", `/policies/${policy.id}`, { rules: [deny] });
  await assertWithdrawn(t, denied, other);
  await done(lectern, "DELETE", `/policies/${policy.id}`);
});

test("so does one whose control process is killed in the moment in which it has answered", async (t) => {
  const { lectern, recording } = await liveServer();
  const policy = await done(lectern, "POST", "/policies", { target, rules: [{ ...deny, deny: ["192.0.2.1"] }] });
  const [denied, other] = [
    await openEverything(t, lectern, STREAM, recording, DENIED),
    await openEverything(t, lectern, STREAM, recording, OTHER),
  ];
  await done(lectern, "PATCH", `/policies/${policy.id}`, { rules: [deny] });
  killControl(lectern);
  await assertWithdrawn(t, denied, other);
  await until(
    () =>
      done(lectern, "DELETE", `/policies/${policy.id}`).then(
        () => true,
        () => false,
      ),
    "the control process",
  );
});
