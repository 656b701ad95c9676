/**
 * The policies of a school reach its channels: streams of its sources that belong to no lesson, and what is recorded of them.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCESS_SETTINGS, WORKERS } from "./access-server.ts";
import { rawRequest } from "./access-table/raw-http.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { pidOf } from "./worker-connections.ts";

const DENIED = "127.0.0.2";
const RULES = [{ kind: "addresses", for: "play", deny: [DENIED] }];

test("a school's rule holds for its channel from the moment when the channel is its own, until it is not, through a restart of all workers", async (t) => {
  const lectern = await sharedLectern(ACCESS_SETTINGS);
  const newSchool = (slug: string) => done(lectern, "POST", "/schools", { slug, name: slug });
  const [school, other] = [await newSchool("channels"), await newSchool("no-channels")];
  const policy = await done(lectern, "POST", "/policies", { target: { level: "school", id: school.id }, rules: RULES });
  publishForever(t, clip("camera", 20), `${lectern.rtmp}/live/yard`);
  await lectern.stream("yard", ({ video }) => video !== null);
  const answer = async (localAddress: string, path = "/live/yard.rungs.json") => {
    const asked = { port: lectern.httpPort, path, localAddress, headers: [["Connection", "close"]] as const };
    const answers = await Promise.all(Array.from({ length: 8 }, () => rawRequest(asked).catch(() => null)));
    const codes = new Set(answers.map((one) => one?.problem?.code ?? String(one?.status)));
    return [...codes].join(" ");
  };
  const becomes = (code: string, what: string, path?: string) =>
    until(async () => (await answer(DENIED, path)) === code, what, 5000);
  assert.equal(await answer(DENIED), "200");

  // Nobody pulls it: what is pushed under this name stands for it.
  const createSource = (schoolId?: string) =>
    done(lectern, "POST", "/sources", {
      title: "Yard",
      name: "yard",
      addresses: ["rtmp://127.0.0.1:9/x"],
      enabled: false,
      ...(schoolId ? { schoolId } : {}),
    });
  const source = await createSource(school.id);
  await becomes("refused-by-rule", "the rule of the school");
  for (const path of ["/live/yard.flv", "/live/yard.m3u8", "/live/yard.jpg"])
    assert.equal(await answer(DENIED, path), "refused-by-rule", path);
  assert.equal(await answer("127.0.0.3"), "200");
  const recorded = await until(
    async () => (await done(lectern, "GET", "/recordings")).items.find(({ name }: Body) => name === "yard") ?? null,
    "the recording",
  );
  await becomes("refused-by-rule", "the rule for the recording", `/vod/${recorded.id}.m3u8`);
  const effective = await done(lectern, "GET", "/policies/effective?level=stream&id=live/yard");
  assert.deepEqual(
    effective.targets.map(({ level }: Body) => level),
    ["installation", "school", "stream"],
  );
  const explained = await done(lectern, "POST", "/policies/explain", { url: "/live/yard.flv", ip: DENIED });
  assert.deepEqual([explained.code, explained.rule], ["refused-by-rule", "addresses"]);

  // An administrator may ask about the own channel, and about no other stream.
  const key = async (schoolId: string) =>
    (await done(lectern, "POST", "/api-keys", { schoolId, name: "k", scopes: ["policies:read"] })).key;
  const [own, stranger] = [await key(school.id), await key(other.id)];
  const asks = async (id: string, token: string) =>
    (await ask(lectern, "GET", `/policies/effective?level=stream&id=${id}`, undefined, token)).status;
  assert.deepEqual(
    [await asks("live/yard", own), await asks("live/spare", own), await asks("live/yard", stranger)],
    [200, 404, 404],
  );

  for (const worker of WORKERS) process.kill(pidOf(lectern, worker), "SIGKILL");
  await until(async () => (await answer("127.0.0.3")) === "200" || (await answer("127.0.0.3")) === "no-such-stream", "workers");
  assert.equal(await answer(DENIED), "refused-by-rule");

  await done(lectern, "DELETE", `/sources/${source.id}`);
  await until(async () => (await answer(DENIED)) !== "refused-by-rule", "the end of the channel", 5000);
  const elsewhere = await createSource(other.id);
  await done(lectern, "DELETE", `/sources/${elsewhere.id}`);
  await createSource();
  assert.notEqual(await answer(DENIED), "refused-by-rule");
  await done(lectern, "DELETE", `/policies/${policy.id}`);
});
