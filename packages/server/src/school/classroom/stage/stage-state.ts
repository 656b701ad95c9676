/**
 * Defines what a room's log says of its stage: who is invited or on it, whose microphone and camera are on, and how pages lay people out. Read from
 * the newest entries of each key, so every owner of the room, every reload and every replay comes to the same.
 */
import { type FieldsOf, LAYOUT, MUTE, type NewRoomEntry, type RetainedEntries, STAGE } from "@lectern/room";
import { SMALL_LESSON_PEOPLE } from "../../lessons/small-lesson.ts";
import { entrySchema } from "../field-schemas.ts";

/** People of a class who are invited or on stage at the same time. */
export const STAGE_PLACES = 4;
/** People whose microphones and cameras a room knows: those of a small lesson. A stage and its teachers are fewer. */
export const MEDIA_PLACES = SMALL_LESSON_PEOPLE;
/** An invitation that is not answered ends. */
export const INVITED_MS = 60_000;

const stagePerson = entrySchema(STAGE.entries[0]);
export type StagePerson = FieldsOf<(typeof STAGE.entries)[0]["fields"]>;
const media = entrySchema(MUTE.entries[0]);
export type Media = FieldsOf<(typeof MUTE.entries)[0]["fields"]>;
const layoutEntry = entrySchema(LAYOUT.entries[0]);
export type Layout = FieldsOf<(typeof LAYOUT.entries)[0]["fields"]>;
const DEFAULT_LAYOUT: Layout = { view: "speaker", large: null, screens: "staff", mixed: false };

export type StageState = {
  readonly people: Map<string, StagePerson>;
  readonly media: Map<string, Media>;
  layout: Layout;
};

export function stageState(retained: RetainedEntries): StageState {
  const people = new Map<string, StagePerson>();
  const known = new Map<string, Media>();
  for (const { body } of retained.ofKind("stage")) {
    const { data } = stagePerson.safeParse(body);
    if (data) people.set(data.person, data);
  }
  for (const { body } of retained.ofKind("media")) {
    const { data } = media.safeParse(body);
    if (data) known.set(data.person, data);
  }
  const { data: layout } = layoutEntry.safeParse(retained.get("layout")?.body);
  return { people, media: known, layout: layout ?? DEFAULT_LAYOUT };
}

/** Those who may publish a stream of their own in a class. */
export function publishersOf({ people }: Pick<StageState, "people">): string[] {
  return [...people.values()].flatMap(({ person, state }) => (state === "invited" ? [] : [person]));
}

export function setStage({ people }: StageState, person: StagePerson): NewRoomEntry {
  people.set(person.person, person);
  return { kind: "stage", to: "all", key: `stage/${person.person}`, body: person };
}

export function setMedia({ media: known }: StageState, one: Media): NewRoomEntry {
  known.set(one.person, one);
  return { kind: "mute", to: "all", key: `media/${one.person}`, body: one };
}

export function setLayout(state: StageState, layout: Layout): NewRoomEntry {
  state.layout = layout;
  return { kind: "layout", to: "all", key: "layout", body: layout };
}

/** Takes people off the stage; with the last of a class, the teachers' own streams end too. */
export function takeOff(state: StageState, ids: readonly string[]): NewRoomEntry[] {
  const entries = ids.flatMap((id) => [...leaveStage(state, id), ...dropMedia(state, id)]);
  const isOver = ![...state.people.values()].some(({ state: now }) => now === "on");
  const hosts = isOver ? [...state.people.values()].filter(({ state: now }) => now === "host") : [];
  return [...entries, ...hosts.flatMap(({ person }) => [...leaveStage(state, person), ...dropMedia(state, person)])];
}

function leaveStage({ people }: StageState, person: string): NewRoomEntry[] {
  if (!people.delete(person)) return [];
  return [{ kind: "stage", to: "all", key: `stage/${person}`, gone: true, body: { person } }];
}

function dropMedia(state: StageState, person: string): NewRoomEntry[] {
  if (!state.media.delete(person)) return [];
  const entry: NewRoomEntry = { kind: "mute", to: "all", key: `media/${person}`, gone: true, body: { person } };
  const isLarge = state.layout.large === person;
  return isLarge ? [entry, setLayout(state, { ...state.layout, large: null })] : [entry];
}
