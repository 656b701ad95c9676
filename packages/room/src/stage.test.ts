import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage, stageOf } from "./stage.ts";
import type { Body, WireEntry } from "./wire.ts";

const entry = (key: string, body: Body) => ({ key, body }) as WireEntry;

function room(entries: readonly WireEntry[]) {
  const held = (kind: string) => entries.filter(({ key }) => key?.startsWith(`${kind}/`));
  return { held, one: (key: string) => entries.find((one) => one.key === key) ?? null };
}

test("the stage of a room without entries is empty, and nobody's sound is mixed", () => {
  const layout = { view: "speaker", large: null, screens: "staff", mixed: false };
  assert.deepEqual(stageOf(room([])), { people: [], media: [], layout });
});

test("what has not the right shape is left out or has its default", () => {
  const { people, media, layout } = stageOf(
    room([
      entry("stage/a", { person: "a", personName: "Anna", name: "Ms Li", state: "on", since: 5, camera: true }),
      entry("stage/b", { person: "b", state: "flying" }),
      entry("media/a", {
        person: "a",
        personName: "Anna",
        personRole: "staff",
        // Of the sender.
        name: "Ms Li",
        role: "member",
        microphone: true,
        asked: "camera",
        screen: "beamed",
        by: "staff",
      }),
      entry("media/c", { name: "nobody" }),
      entry("layout", { view: "mosaic", large: 5, screens: "everybody", mixed: "yes" }),
    ]),
  );
  assert.deepEqual(onStage({ people }), [{ person: "a", name: "Anna", state: "on", since: 5, camera: true }]);
  assert.equal(people.length, 1);
  const known = { person: "a", name: "Anna", isStaff: true, microphone: true, camera: false, byStaff: true };
  assert.deepEqual(media, [{ ...known, asked: "camera", screen: "none" }]);
  assert.deepEqual(layout, { view: "speaker", large: null, screens: "everybody", mixed: false });
});
