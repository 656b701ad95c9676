/** Rooms while processes die: what is acknowledged is seen by everybody, once and in order. Only with --all, or by name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { enterToWrite, sameLines, writeLines } from "./room-lines.ts";
import { pidOf } from "./worker-connections.ts";

test("a control process and a worker are killed while people write: no line is lost or doubled, and nobody leaves", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const lesson = await done(server, "POST", "/lessons", { title: "Maths" });
  const people = await Promise.all(["Anna", "Ben", "Chen"].map((name) => enterToWrite(t, server, [server], lesson.code, name)));
  const end = writeLines(people);
  await until(() => (people[0]?.texts("chat").length ?? 0) >= 5, "the first lines");
  process.kill(pidOf(server, "control"), "SIGKILL");
  const before = people[0]?.texts("chat").length ?? 0;
  await until(() => (people[0]?.texts("chat").length ?? 0) >= before + 5, "lines after the death of control", 30_000);
  process.kill(pidOf(server, "media-1"), "SIGKILL");
  const later = people[0]?.texts("chat").length ?? 0;
  await until(
    () => people.every((person) => person.texts("chat").length >= later + 5),
    "lines after the death of a worker",
    30_000,
  );
  await sameLines(people, await end());
  await until(() => people[0]?.signals.get("people ")?.count === 3, "three people");
});

test("a control process is killed in the middle of groups: everybody is in the own group, and the time that was said holds", async (t) => {
  const server = await sharedLectern({ workers: "2" });
  const lesson = await done(server, "POST", "/lessons", { title: "Maths" });
  const clients = await Promise.all(
    ["Anna", "Ben", "Chen", "Dora"].map((name) => enterToWrite(t, server, [server], lesson.code, name)),
  );
  let actions = 0;
  const act = (body: object) =>
    done(server, "POST", `/lessons/${lesson.id}/room/entries`, { id: `group-${actions++}`, kind: "group", ...body });
  await until(() => clients[0]?.signals.get("people ")?.count === 4, "four people");
  await act({ action: "divide", how: "number", number: 2 });
  await Promise.all(clients.map((client) => client.saw(({ key }) => key?.startsWith("group/"), "the own group")));
  const own = clients.map(({ entries }) => entries.findLast(({ key }) => key?.startsWith("group/")).group);
  process.kill(pidOf(server, "control"), "SIGKILL");
  const answers = await Promise.all(clients.map((client) => client.send("group", { action: "join" })));
  assert.deepEqual(
    answers.map(({ answer }) => answer?.group),
    own,
  );
  await Promise.all(clients.map((client, i) => client.send("chat", { text: `from ${i}`, to: "group" })));
  for (const [i, client] of clients.entries()) {
    const others = own.flatMap((group, j) => (group === own[i] ? [`from ${j}`] : []));
    await until(() => client.texts("group-chat").length >= others.length, "the lines of the group");
    assert.deepEqual(client.texts("group-chat").toSorted(), others);
  }
  await act({ action: "notice", seconds: 10 });
  process.kill(pidOf(server, "control"), "SIGKILL");
  const isBack = () => clients.every(({ entries }) => entries.some(({ key, gone }) => key === "groups" && gone === true));
  await until(isBack, "everybody is brought back", 60_000);
});
