import assert from "node:assert/strict";
import { test } from "node:test";
import { Degradation, type DegradationSwitch, NOT_AUTOMATIC, NOTHING_SHED } from "./degradation.ts";
import { SHEDDABLE_NAMES } from "./sheddable.ts";

const OF_ALL: DegradationSwitch = { id: "1", what: "reactions", schoolId: null, lessonId: null, until: null };
const HERE = { schoolId: "s", lessonId: "l" };

test("a switch of everybody, of a school and of a lesson sheds where it says, and nothing else", () => {
  const degradation = new Degradation();
  const shedWith = (one: DegradationSwitch) => {
    degradation.take({ ...NOTHING_SHED, switches: [one] });
    return [HERE, { schoolId: "s", lessonId: "m" }, { schoolId: "t", lessonId: "n" }, {}].map((place) =>
      degradation.sheds("reactions", place),
    );
  };
  assert.deepEqual(shedWith(OF_ALL), [true, true, true, true]);
  assert.deepEqual(shedWith({ ...OF_ALL, schoolId: "s" }), [true, true, false, false]);
  assert.deepEqual(shedWith({ ...OF_ALL, schoolId: "s", lessonId: "l" }), [true, false, false, false]);
  assert.deepEqual(degradation.shedAt(HERE), ["reactions"]);
});

test("a level sheds the first entries of the list everywhere, and listeners hear of each change until they end", () => {
  const degradation = new Degradation();
  let heard = 0;
  const end = degradation.onChanged(() => heard++);
  degradation.take({ ...NOTHING_SHED, automatic: { ...NOT_AUTOMATIC, level: 3 } });
  assert.deepEqual([degradation.shedAt(), degradation.shedAt(HERE)], [SHEDDABLE_NAMES.slice(0, 3), SHEDDABLE_NAMES.slice(0, 3)]);
  end();
  degradation.take(NOTHING_SHED);
  assert.deepEqual([degradation.shedAt(HERE), heard], [[], 1]);
});
