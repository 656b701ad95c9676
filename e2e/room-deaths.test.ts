/** Rooms while processes die: what is acknowledged is seen by everybody, once and in order. Only with --all, or by name. */
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
