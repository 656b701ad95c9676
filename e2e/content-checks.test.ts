/**
 * Schools' own checks of pictures on a running server: stills of a live lesson are asked about, and a refused one ends the stream.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { ACCESS_SETTINGS } from "./access-server.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

type Question = {
  readonly event: string;
  readonly data: { readonly lessonId: string; readonly jpeg: string };
};

/** A school's own service. */
async function startChecks(t: TestContext, answer: (question: Question) => object) {
  const asked: Question[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const question: Question = JSON.parse(body);
    asked.push(question);
    response.end(JSON.stringify(answer(question)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check` };
}

test("a picture of a live lesson is checked; while it is refused, the stream ends", async (t) => {
  let action = "pass";
  const { asked, url } = await startChecks(t, () => ({ action }));
  const server = await sharedLectern(ACCESS_SETTINGS);
  const lesson = await done(server, "POST", "/lessons", { title: "Fractions" });
  const fields = { kind: "picture", url, intervalSeconds: 5, deadlineMs: 5000 };
  await done(server, "POST", "/content-checks", fields);
  const { app, name, publishKey } = lesson.stream;
  const publisher = publishForever(t, clip("camera", 20), `${server.rtmp}/${app}/${name}?key=${publishKey}`);
  await until(() => asked.length > 0, "a picture that is checked");
  const { event, data } = asked[0] ?? assert.fail("nothing was asked");
  assert.deepEqual([event, data.lessonId], ["check.picture", lesson.id]);
  assert.deepEqual([...Buffer.from(data.jpeg, "base64").subarray(0, 3)], [0xff, 0xd8, 0xff]);
  action = "refuse";
  await publisher.done;
  const { items } = await done(server, "GET", `/audit?targetId=${lesson.id}`);
  assert.ok(items.some((entry: { action: string }) => entry.action === "room.picture-refuse"));
});
