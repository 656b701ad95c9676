import assert from "node:assert/strict";
import { test } from "node:test";
import { INHERIT, inheritedSetting, ladderOptions, qualityFields, settingOf, startOptions } from "./quality-fields.ts";

const t = (key: string, values: Readonly<Record<string, unknown>> = {}) =>
  `${key.replace("ladders.", "")}${"name" in values ? ` ${values["name"]}` : ""}`;
const rung = (name: string) => ({ name, height: null, videoKbps: null, audioKbps: null });
const ladder = (id: string, schoolId: string) => ({
  id,
  schoolId,
  name: `Ladder ${id}`,
  rungs: [rung("sd"), rung("audio")],
  createdAt: "",
  version: 1,
});
const known = {
  presets: [
    { id: "none" as const, rungs: [] },
    { id: "mobile" as const, rungs: [rung("480p"), rung("saver")] },
  ],
  ladders: [ladder("A", "school"), ladder("B", "another")],
};
const nothing = { ladder: null, ladderStart: null };

test("what is not chosen comes from the course, then from the school, each of the two by itself", () => {
  const school = { ladder: "mobile", ladderStart: "publish" } as const;
  assert.deepEqual(inheritedSetting([{ ladder: "A", ladderStart: null }, school]), { ladder: "A", ladderStart: "publish" });
  assert.deepEqual(inheritedSetting([undefined, school]), school);
  assert.deepEqual(inheritedSetting([nothing, null]), nothing);
});

test("the choice names what is inherited, the presets and the school's own ladders, with their rungs", () => {
  const labels = (inherited: string | null, schoolId?: string) =>
    ladderOptions(known, schoolId, { ladder: inherited, ladderStart: null }, t).map(({ label }) => label);
  assert.deepEqual(labels(null, "school"), [
    "inherited server",
    "presets.none",
    "presets.mobile (480p · rungs.saver)",
    "Ladder A (sd · rungs.audio)",
  ]);
  assert.deepEqual(
    ["mobile", "A", "deleted"].map((id) => labels(id)[0]),
    ["inherited presets.mobile", "inherited Ladder A", "inherited removed"],
  );
  assert.equal(labels(null).length, 3, "without a school there are the presets");
  assert.deepEqual(
    startOptions({ ladder: null, ladderStart: "publish" }, t).map(({ value, label }) => [value, label]),
    [
      [INHERIT, "inherited start.publish"],
      ["demand", "start.demand"],
      ["publish", "start.publish"],
    ],
  );
});

test("the fields give back the same setting, and when rungs are made is not asked where none are", () => {
  for (const own of [nothing, { ladder: "A", ladderStart: "demand" } as const, { ladder: "none", ladderStart: null }]) {
    const fields = qualityFields(own, known, "school", () => nothing, t);
    const values = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
    assert.deepEqual(settingOf(values), own);
    assert.equal(fields[1]?.isShown?.(values), own.ladder !== "none");
  }
  assert.deepEqual(settingOf({}), nothing);
});
