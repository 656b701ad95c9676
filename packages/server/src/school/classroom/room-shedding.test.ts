import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomSignal } from "@lectern/room";
import { Degradation, type DegradationSwitch, NOT_AUTOMATIC, NOTHING_SHED } from "../../contracts/degradation/degradation.ts";
import { RoomShedding } from "./room-shedding.ts";

test("members of a room hear of what is off in it, when it changes and when the room opens, and of nothing else", () => {
  const told: [string, RoomSignal][] = [];
  const degradation = new Degradation();
  const shedding = new RoomShedding(degradation);
  const open = (lessonId: string) => {
    const signal = (one: RoomSignal) => told.push([lessonId, one]);
    shedding.opened({ lessonId, schoolId: "s" }, { lessonId, signal, act: async () => {} });
  };
  const bodies = () => told.splice(0).map(([lessonId, { to, body }]) => [lessonId, to, body]);
  const off: DegradationSwitch = { id: "1", what: "danmaku", schoolId: "s", lessonId: "a", until: null };
  open("a");
  open("b");
  assert.deepEqual(bodies(), []);
  degradation.take({ ...NOTHING_SHED, switches: [off] });
  assert.deepEqual(bodies(), [["a", "all", { what: ["danmaku"], level: 2, reason: "" }]]);
  degradation.take({ ...NOTHING_SHED, switches: [off], automatic: { ...NOT_AUTOMATIC, level: 1, pressure: "database" } });
  open("c");
  assert.deepEqual(bodies(), [
    ["a", "all", { what: ["reactions", "danmaku"], level: 2, reason: "database" }],
    ["b", "all", { what: ["reactions"], level: 1, reason: "database" }],
    ["c", "all", { what: ["reactions"], level: 1, reason: "database" }],
  ]);
  shedding.closed("b");
  degradation.take(NOTHING_SHED);
  assert.deepEqual(bodies(), [
    ["a", "all", { what: [], level: 0, reason: "" }],
    ["c", "all", { what: [], level: 0, reason: "" }],
  ]);
});
