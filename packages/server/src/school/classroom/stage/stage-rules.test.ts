/** The rules of the stage without a room: who may do what, and what always holds, whatever people do in whatever order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type NewRoomEntry, RetainedEntries, type RoomPerson } from "@lectern/room";
import fc from "fast-check";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { decideLayout, decideMute, layoutAction, muteAction } from "./media-rules.ts";
import { decideStage, type StageOutcome, type StageRoom, stageAction } from "./stage-rules.ts";
import { MEDIA_PLACES, publishersOf, STAGE_PLACES, type StageState, stageState } from "./stage-state.ts";

const SERVER: RoomPerson = { id: "", name: "", role: "staff" };
const teacher: RoomPerson = { id: newId(), name: "Ms Li", role: "staff" };
const students = Array.from({ length: 20 }, (_, i): RoomPerson => ({ id: newId(), name: `S${i}`, role: "member" }));
const [anna, ben] = students as [RoomPerson, RoomPerson];

/** A room whose entries are read again after each action, as another owner would read them. */
class Stage {
  readonly retained = new RetainedEntries();
  isSmallLesson: boolean;
  now = 1_000_000;
  present = new Set(students.map(({ id }) => id));
  hands = new Set<string>();
  left: readonly string[] = [];
  private seq = 0;

  constructor(isSmallLesson = false) {
    this.isSmallLesson = isSmallLesson;
  }

  get state(): StageState {
    return stageState(this.retained);
  }

  /** The code of the refusal, or the kinds and actions of the entries. */
  do(who: RoomPerson, kind: "stage" | "mute" | "layout", body: Record<string, unknown>): string | readonly NewRoomEntry[] {
    const outcome = this.decide(who, kind, body);
    if (outcome instanceof Refusal) return outcome.code;
    for (const { from = null, gone = false, sampled = false, ...entry } of outcome)
      this.retained.take({ ...entry, from, gone, sampled, seq: ++this.seq, at: this.now, mediaTime: null, id: newId() });
    return outcome;
  }

  private decide(who: RoomPerson, kind: "stage" | "mute" | "layout", body: Record<string, unknown>): StageOutcome {
    const { state, isSmallLesson, now, present, hands } = this;
    if (kind === "mute") return decideMute(state, who, muteAction.parse(body));
    if (kind === "layout") return decideLayout(state, who, layoutAction.parse(body));
    const names = new Map(students.map(({ id, name }) => [id, name]));
    const room: StageRoom = {
      state,
      isSmallLesson,
      now,
      present,
      hands,
      names,
      left: (ids) => ids.filter((id) => this.left.includes(id)),
    };
    return decideStage(room, who, stageAction.parse(body));
  }
}

function onStage(stage: Stage, ...people: readonly RoomPerson[]): void {
  for (const who of people) {
    stage.do(teacher, "stage", { action: "invite", person: who.id });
    stage.do(who, "stage", { action: "accept", camera: true });
  }
}

test("a hand that is taken leads to an invitation, and on stage once it is accepted", () => {
  const stage = new Stage();
  stage.hands.add(anna.id);
  const entries = stage.do(teacher, "stage", { action: "invite", person: anna.id, camera: false });
  assert.deepEqual(typeof entries === "string" ? entries : entries.map(({ kind, key, gone }) => [kind, key, gone]), [
    ["stage", `stage/${anna.id}`, undefined],
    ["hand", `hand/${anna.id}`, true],
  ]);
  assert.deepEqual(publishersOf(stage.state), [], "nobody publishes before they have accepted");
  stage.do(anna, "stage", { action: "accept", camera: true });
  assert.deepEqual(publishersOf(stage.state), [anna.id]);
  assert.equal(stage.state.media.get(anna.id)?.camera, false, "the invitation was to speak only");
  stage.do(anna, "stage", { action: "leave" });
  assert.deepEqual([stage.state.people.size, stage.state.media.size], [0, 0]);
});

test("only staff invite and remove, nobody accepts without an invitation, and only the server tidies", () => {
  const stage = new Stage();
  assert.equal(stage.do(anna, "stage", { action: "invite", person: ben.id }), "refused-by-rule");
  assert.equal(stage.do(anna, "stage", { action: "accept" }), "conflict");
  onStage(stage, anna);
  assert.equal(stage.do(ben, "stage", { action: "remove", person: anna.id }), "refused-by-rule");
  assert.equal(stage.do(ben, "stage", { action: "clear" }), "refused-by-rule");
  assert.equal(stage.do(teacher, "stage", { action: "tidy" }), "refused-by-rule");
  assert.equal(stage.do(teacher, "stage", { action: "invite", person: newId() }), "not-found");
  stage.do(teacher, "stage", { action: "remove", person: anna.id });
  assert.deepEqual(publishersOf(stage.state), []);
});

test("the fifth person is refused, and comes when another has left", () => {
  const stage = new Stage();
  onStage(stage, ...students.slice(0, STAGE_PLACES));
  const fifth = students[STAGE_PLACES] as RoomPerson;
  assert.equal(stage.do(teacher, "stage", { action: "invite", person: fifth.id }), "full");
  stage.do(anna, "stage", { action: "leave" });
  onStage(stage, fifth);
  assert.equal(publishersOf(stage.state).includes(fifth.id), true);
});

test("an invitation ends after a minute, and those who have left are taken off", () => {
  const stage = new Stage();
  onStage(stage, anna);
  stage.do(teacher, "stage", { action: "invite", person: ben.id });
  stage.now += 60_001;
  assert.equal(stage.do(ben, "stage", { action: "accept" }), "conflict");
  stage.left = [anna.id];
  stage.do(SERVER, "stage", { action: "tidy" });
  assert.equal(stage.state.people.size, 0);
});

test("a teacher of a class is a host while somebody is on stage, and no longer", () => {
  const stage = new Stage();
  stage.do(teacher, "stage", { action: "key" });
  assert.deepEqual(publishersOf(stage.state), []);
  onStage(stage, anna);
  stage.do(teacher, "stage", { action: "key" });
  stage.do(ben, "stage", { action: "key" });
  assert.deepEqual(publishersOf(stage.state), [anna.id, teacher.id]);
  stage.do(anna, "stage", { action: "leave" });
  assert.deepEqual([stage.state.people.size, stage.state.media.size], [0, 0]);
});

test("everybody speaks in a small lesson: up to sixteen, by asking for a key", () => {
  const stage = new Stage(true);
  assert.equal(stage.do(teacher, "stage", { action: "invite", person: anna.id }), "conflict");
  const outcomes = students.map((who) => stage.do(who, "stage", { action: "key" }));
  assert.equal(outcomes.filter((outcome) => outcome === "full").length, students.length - MEDIA_PLACES);
  assert.equal(stage.do({ ...anna, id: newId(), role: "guest", watches: true }, "stage", { action: "key" }), "refused-by-rule");
  const places = stage.state.media.size;
  assert.deepEqual(stage.do({ ...anna, id: newId() }, "stage", { action: "key", publish: false }), [], "who only plays takes none");
  assert.equal(stage.state.media.size, places);
  assert.equal(stage.do({ ...anna, id: "" }, "stage", { action: "key", publish: false }), "refused-by-rule", "nobody's link");
});

test("staff mute, and only ask to unmute; the answer of the person ends the question", () => {
  const stage = new Stage();
  onStage(stage, anna, ben);
  assert.equal(stage.do(anna, "mute", { action: "mute", person: ben.id }), "refused-by-rule");
  stage.do(teacher, "mute", { action: "mute-all" });
  assert.deepEqual(
    [...stage.state.media.values()].map(({ microphone, by }) => [microphone, by]),
    [
      [false, "staff"],
      [false, "staff"],
    ],
  );
  assert.equal(stage.do(teacher, "mute", { action: "unmute", person: anna.id }), "refused-by-rule");
  stage.do(teacher, "mute", { action: "ask", person: anna.id });
  assert.deepEqual([stage.state.media.get(anna.id)?.microphone, stage.state.media.get(anna.id)?.asked], [false, "microphone"]);
  stage.do(anna, "mute", { action: "self", microphone: true });
  assert.deepEqual([stage.state.media.get(anna.id)?.microphone, stage.state.media.get(anna.id)?.asked], [true, null]);
  assert.equal(stage.do(students[5] as RoomPerson, "mute", { action: "self", microphone: true }), "not-on-stage");
});

test("one screen is shared at a time, by those who may; others ask", () => {
  const stage = new Stage(true);
  for (const who of [teacher, anna, ben]) stage.do(who, "stage", { action: "key" });
  const screens = () => [teacher, anna, ben].map(({ id }) => stage.state.media.get(id)?.screen);
  stage.do(anna, "layout", { action: "share" });
  assert.deepEqual(screens(), ["none", "asked", "none"]);
  stage.do(teacher, "layout", { action: "allow", person: anna.id });
  stage.do(anna, "layout", { action: "share" });
  assert.deepEqual(screens(), ["none", "sharing", "none"]);
  stage.do(teacher, "layout", { action: "set", screens: "everybody" });
  assert.equal(stage.do(ben, "layout", { action: "share" }), "conflict");
  stage.do(teacher, "layout", { action: "share" });
  assert.deepEqual(screens(), ["sharing", "none", "none"]);
  assert.equal(stage.do(ben, "layout", { action: "stop", person: teacher.id }), "refused-by-rule");
  assert.equal(stage.do(ben, "layout", { action: "set", view: "grid" }), "refused-by-rule");
  stage.do(teacher, "layout", { action: "set", large: anna.id });
  assert.equal(stage.do(teacher, "layout", { action: "set", large: newId() }), "not-found");
  assert.deepEqual(stage.state.layout, { view: "speaker", large: anna.id, screens: "everybody", mixed: false });
  stage.do(anna, "stage", { action: "leave" });
  assert.equal(stage.state.layout.large, null, "nobody is large who is not there");
});

test("whatever people do: places are kept, nobody is on stage uninvited or switched on by another, one screen is shared", () => {
  const people = [teacher, ...students.slice(0, 8)];
  const someone = fc.constantFrom(...people);
  const id = someone.map((who) => who.id);
  const action = fc.oneof(
    fc.record({ action: fc.constantFrom("invite", "remove"), person: id }).map((body) => ["stage", body] as const),
    fc.record({ action: fc.constantFrom("accept", "decline", "leave", "clear", "key") }).map((body) => ["stage", body] as const),
    fc
      .record({ action: fc.constantFrom("mute", "ask", "unmute"), person: id, what: fc.constantFrom("microphone", "camera") })
      .map(({ action, person, what }) => ["mute", action === "unmute" ? { action, person } : { action, person, what }] as const),
    fc.record({ action: fc.constant("self"), microphone: fc.boolean() }).map((body) => ["mute", body] as const),
    fc.record({ action: fc.constantFrom("share", "stop") }).map((body) => ["layout", body] as const),
    fc.record({ action: fc.constant("allow"), person: id }).map((body) => ["layout", body] as const),
  );
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.tuple(someone, action), { maxLength: 60 }), (isSmallLesson, actions) => {
      const stage = new Stage(isSmallLesson);
      const invited = new Set<string>();
      for (const [who, [kind, body]] of actions) {
        const before = stage.state;
        const outcome = stage.do(who, kind, body);
        const after = stage.state;
        if (body.action === "invite" && typeof outcome !== "string" && "person" in body) invited.add(body.person);
        const on = [...after.people.values()].filter(({ state }) => state !== "host");
        assert.ok(on.length <= STAGE_PLACES && after.media.size <= MEDIA_PLACES);
        for (const { person, state } of on) assert.ok(state !== "on" || invited.has(person));
        for (const media of after.media.values()) {
          const known = before.media.get(media.person);
          const isSwitchedOn = known !== undefined && !known.microphone && media.microphone;
          assert.ok(!isSwitchedOn || who.id === media.person);
        }
        assert.ok([...after.media.values()].filter(({ screen }) => screen === "sharing").length <= 1);
        if (on.every(({ state }) => state === "invited") && !isSmallLesson) assert.deepEqual(publishersOf(after), []);
      }
    }),
  );
});
