/**
 * Links of lessons on nodes whose clocks are an hour slow and an hour fast: the cluster's time decides when a link expires, not the node's.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { derivedSecret } from "../packages/server/src/platform/secrets.ts";
import { type Node, SECRET, startNats, startNode } from "./cluster.ts";
import { until } from "./lectern.ts";
import { done, push, watch } from "./lesson-client.ts";
import { shiftedClock } from "./shifted-clock.ts";

/** What a door says to a link: `playing`, or the code of the refusal. */
async function answerOf(url: string): Promise<string> {
  const watching = watch(url);
  let ended: string | null = null;
  void watching.ended.then((code) => {
    ended = code;
  });
  const answer = await until(() => ended ?? (watching.bytes() > 0 ? "playing" : null), `media or a refusal of ${url}`);
  watching.leave();
  return answer;
}

test("a lesson's link is good and expires by the cluster's time on a node that is an hour slow, and on one that is an hour fast", async (t) => {
  const nats = await startNats(t);
  const right = await startNode(t, nats, "right", "origin,control");
  const [slow, fast] = await Promise.all([
    startNode(t, nats, "slow", "edge", {}, { env: shiftedClock("-1h") }),
    startNode(t, nats, "fast", "edge", {}, { env: shiftedClock("+1h") }),
  ]);
  const lesson = await done(right, "POST", "/lessons", { title: "Clocks" });
  push(t, `${right.rtmp}/${lesson.stream.app}/${lesson.stream.name}?key=${lesson.stream.publishKey}`);
  await right.stream(lesson.stream.name, ({ video }) => video !== null);
  const joined = await done(right, "POST", `/lessons/${lesson.code}/join`, { name: "Li Mei" });
  const secret = derivedSecret("links", SECRET).toString("base64url");
  const { app, name } = lesson.stream;
  const good = new URL(joined.play.flv).searchParams;
  const over = signLink({ app, name, expires: Math.floor(Date.now() / 1000) - 600, viewer: joined.viewer }, secret);
  const soon = signLink({ app, name, expires: Math.floor(Date.now() / 1000) + 600, viewer: joined.viewer }, secret);
  const at = (node: Node, query: URLSearchParams) => [
    `${node.http}/${app}/${name}.flv?${query}`,
    `${node.http.replace("http:", "ws:")}/${app}/${name}.flv?${query}`,
    `${node.http}/${app}/${name}.m3u8?${query}`,
    `${node.rtmp}/${app}/${name}?${query}`,
  ];
  // Without the cluster's time, the slow node admits the link of ten minutes ago, and the fast one refuses all of them.
  await until(async () => (await answerOf(at(slow, over)[0] ?? "")) === "link-expired", "the slow node to learn the time", 60_000);
  await until(async () => (await answerOf(at(fast, good)[0] ?? "")) === "playing", "the fast node to learn the time", 60_000);
  for (const node of [right, slow, fast]) {
    for (const query of [good, soon])
      for (const url of at(node, query)) assert.equal(await answerOf(url), "playing", `${node.id} ${url}`);
    for (const url of at(node, over))
      assert.match(await answerOf(url), /link-expired|NetStream\.Play\.Failed/, `${node.id} ${url}`);
  }
});
