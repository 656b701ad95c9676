/**
 * What a room's log says of its stage: who is invited or on it, whose microphone and camera are on, and how pages lay people out. Read from the
 * newest entries of each key, so every owner of the room, every reload and every replay comes to the same.
 */
import { z } from "zod";
import type { RetainedEntries } from "../../../contracts/rooms/retained-entries.ts";
import type { NewRoomEntry } from "../../../contracts/rooms/room-entry.ts";
import { SMALL_LESSON_PEOPLE } from "../../lessons/two-way.ts";

/** People of a class who are invited or on stage at the same time. */
export const STAGE_PLACES = 4;
/** People whose microphones and cameras a room knows: those of a small lesson. A stage and its teachers are fewer. */
export const MEDIA_PLACES = SMALL_LESSON_PEOPLE;
/** An invitation that is not answered ends. */
export const INVITED_MS = 60_000;

// An entry has its sender's `name` and `role`, which hide those of its body.
const stagePerson = z.object({
  person: z.string(),
  personName: z.string(),
  /** host: a teacher whose own picture and sound those on stage get without what is mixed into the lesson's stream. */
  state: z.enum(["invited", "on", "host"]),
  /** Milliseconds since 1970. */
  since: z.number(),
  /** Whether the person is asked to show, or shows, the camera too. */
  camera: z.boolean(),
});
export type StagePerson = z.output<typeof stagePerson>;

const media = z.object({
  person: z.string(),
  personName: z.string(),
  personRole: z.enum(["staff", "member", "guest"]),
  microphone: z.boolean(),
  camera: z.boolean(),
  /** Who switched last. */
  by: z.enum(["self", "staff"]),
  /** What a teacher has asked the person to switch on. */
  asked: z.enum(["microphone", "camera"]).nullable(),
  screen: z.enum(["none", "asked", "allowed", "sharing"]),
});
export type Media = z.output<typeof media>;

export const layoutShape = z.strictObject({
  view: z.enum(["speaker", "grid", "screen"]),
  /** Who is large; null: the one who speaks. */
  large: z.string().max(64).nullable(),
  /** Who may share a screen without asking. */
  screens: z.enum(["staff", "everybody"]),
  /** Whether the lesson's own stream has the sound and pictures of those on stage. Without, everybody's page plays them beside it. */
  mixed: z.boolean(),
});
export type Layout = z.output<typeof layoutShape>;
const DEFAULT_LAYOUT: Layout = { view: "speaker", large: null, screens: "staff", mixed: false };

export type StageState = {
  readonly people: Map<string, StagePerson>;
  readonly media: Map<string, Media>;
  layout: Layout;
};

export function stageState(held: RetainedEntries): StageState {
  const people = new Map<string, StagePerson>();
  const known = new Map<string, Media>();
  for (const { body } of held.ofKind("stage")) {
    const { data } = stagePerson.safeParse(body);
    if (data) people.set(data.person, data);
  }
  for (const { body } of held.ofKind("media")) {
    const { data } = media.safeParse(body);
    if (data) known.set(data.person, data);
  }
  const { data: layout } = layoutShape.safeParse(held.get("layout")?.body);
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
