/** How many nodes are wanted, by the API, on /metrics and by the signed webhook, from the limits and from the timetable of a running server. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { startLectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";

const GROUPS = [
  { role: "edge", region: "", min: 2, max: 9 },
  { role: "edge", region: "south", min: 2, max: 9 },
];
/** A viewer takes as much as a node is filled to. */
const SCALING = {
  "scaling.groups": JSON.stringify(GROUPS),
  "scaling.spare": "0",
  "cluster.node.capacityMbps": "1000",
  "dispatch.viewerMbps": "600",
};

type Delivery = { readonly body: string; readonly signature: string };

test("a lesson that begins soon raises what is wanted, the webhook hears of each change, and the metric has it", async (t) => {
  const heard: Delivery[] = [];
  const receiver = createServer(async (request, response) => {
    const pieces = await request.toArray();
    heard.push({ body: Buffer.concat(pieces).toString(), signature: String(request.headers["lectern-signature"]) });
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  t.after(() => receiver.close());
  t.after(() => receiver.closeAllConnections());
  const server = await startLectern(t, { ...SCALING, "webhooks.allowPrivateNetworks": "true" });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { secret } = await done(server, "POST", "/webhooks", { url, events: ["capacity.wanted"] });

  const told = () => heard.map(({ body }) => JSON.parse(body).data);
  const school = await done(server, "POST", "/schools", { slug: "mine", name: "Mine" });
  const logins = Array.from({ length: 6 }, (_, i) => `student${i}`);
  for (const login of logins) await done(server, "POST", "/users", { schoolId: school.id, login, name: login, role: "student" });
  const course = await done(server, "POST", "/courses", { schoolId: school.id, name: "Mathematics" });
  await done(server, "POST", `/courses/${course.id}/members`, { people: logins });
  const startsAt = new Date(Date.now() + 5 * 60_000).toISOString();
  await done(server, "POST", "/lessons", { schoolId: school.id, courseId: course.id, title: "Fractions", startsAt });

  // Three people in each region.
  const risen = () => told().filter(({ wanted }) => wanted === 3);
  await until(() => risen().length >= 2, "both changes to be told");
  // This node has every role, so it is never one too many; of the other region there is none.
  assert.deepEqual(
    risen().sort((one, other) => one.region.localeCompare(other.region)),
    [
      { role: "edge", region: "", nodes: 1, wanted: 3, reason: "timetable", surplus: [] },
      { role: "edge", region: "south", nodes: 0, wanted: 3, reason: "timetable", surplus: [] },
    ],
  );
  for (const { body, signature } of heard) {
    const [, at, hex] = /^t=(\d+),v1=(\w+)$/.exec(signature) ?? [];
    assert.equal(hex, createHmac("sha256", secret).update(`${at}.${body}`).digest("hex"));
    assert.equal(JSON.parse(body).schoolId, null);
  }
  const capacity = await done(server, "GET", "/capacity");
  assert.deepEqual(capacity.expected, { people: 6, lessons: 1 });
  const south = capacity.items.find(({ region }: { region: string }) => region === "south");
  assert.deepEqual([south.wanted, south.needed, south.expectedPeople, south.reason], [3, 3, 3, "timetable"]);
  assert.equal(await server.metric('lectern_wanted_nodes{role="edge",region="south"}'), 3);
});
