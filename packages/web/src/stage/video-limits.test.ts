import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemberMedia, Stage, StageLayout } from "@lectern/room";
import { isLargeForOthers, largeOf } from "./large.ts";
import { isMore, videoLimits } from "./video-limits.ts";

const LAYOUT: StageLayout = { view: "speaker", large: null, screens: "staff", mixed: false };

function lesson(people: number, layout: Partial<StageLayout> = {}, sharing: string | null = null): Stage {
  const media = Array.from({ length: people }, (_, i): MemberMedia => {
    const person = i === 0 ? "teacher" : `s${i}`;
    const screen = person === sharing ? "sharing" : "none";
    return { person, name: person, isStaff: i === 0, microphone: true, camera: true, byStaff: false, asked: null, screen };
  });
  return { people: [], media, layout: { ...LAYOUT, ...layout } };
}

const linesOf = (stage: Stage, person: string, speaker: string | null = null) =>
  videoLimits({
    people: stage.media.length,
    isLarge: isLargeForOthers(stage, speaker, person),
    isScreen: stage.media.some((one) => one.person === person && one.screen === "sharing"),
  }).maxLines;

test("the picture is as large as its tile: by the number of people", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 16].map((people) => linesOf(lesson(people), `s${people - 1}`)),
    [720, 720, 360, 360, 180, 180],
  );
  const kbps = [2, 4, 16].map((people) => videoLimits({ people, isLarge: false, isScreen: false }).maxKbps);
  assert.deepEqual(kbps, [1200, 600, 200]);
});

test("who is shown large sends the whole picture: whom the teacher chose, who speaks, and else the teacher", () => {
  assert.deepEqual([linesOf(lesson(6), "teacher"), linesOf(lesson(6), "s2")], [720, 180]);
  assert.equal(linesOf(lesson(6), "s1"), 720, "while nobody speaks, the teacher's page shows the first student");
  assert.deepEqual([linesOf(lesson(6), "s1", "s1"), linesOf(lesson(6), "s2", "s1")], [720, 180]);
  const chosen = lesson(6, { large: "s2" });
  assert.deepEqual([linesOf(chosen, "s2"), linesOf(chosen, "s1", "s1"), linesOf(chosen, "teacher")], [720, 180, 180]);
  const grid = lesson(6, { view: "grid", large: "s2" });
  assert.deepEqual([linesOf(grid, "s2"), linesOf(grid, "teacher")], [180, 180]);
});

test("a screen is sent as it is, and then everybody else is small", () => {
  const shared = lesson(6, {}, "s3");
  assert.deepEqual([linesOf(shared, "s3"), linesOf(shared, "s1", "s1"), linesOf(shared, "teacher")], [null, 180, 180]);
});

test("the one who speaks sees somebody else large", () => {
  assert.deepEqual([largeOf(lesson(3), "s1", "s1"), largeOf(lesson(3), "s1", "s2")], ["teacher", "s1"]);
  assert.equal(largeOf(lesson(1), null, "teacher"), null);
});

test("more of anything is more, and no limit is the most", () => {
  const [small, large] = [6, 2].map((people) => videoLimits({ people, isLarge: false, isScreen: false }));
  assert.ok(small && large);
  assert.deepEqual([isMore(large, small), isMore(small, large), isMore(small, small)], [true, false, false]);
  assert.ok(isMore({ ...small, maxLines: null }, large));
});
