/** Provides the stage: who is invited or on it (`stage`), whose microphones, cameras and screens are on (`mute`), and how people are laid out (`layout`). */
import {
  BOOLEAN,
  choice,
  declared,
  type FieldsOf,
  ID,
  NUMBER,
  nullable,
  optional,
  partial,
  STRING,
  string,
  withDefault,
} from "./fields.ts";
import { kind } from "./kind.ts";
import { type Body, numberOf, textOf, type WireEntry } from "./wire.ts";

const STATES = ["invited", "on", "host"] as const;
const DEVICES = ["microphone", "camera"] as const;
const SCREENS = ["none", "asked", "allowed", "sharing"] as const;
const VIEWS = ["speaker", "grid", "screen"] as const;
const MAX_ID = 64;

export const STAGE = /* @__PURE__ */ kind(() => ({
  kind: "stage",
  sends: {
    actions: {
      invite: { person: ID, camera: withDefault(BOOLEAN, true) },
      accept: { microphone: withDefault(BOOLEAN, true), camera: withDefault(BOOLEAN, false) },
      decline: {},
      leave: {},
      remove: { person: ID },
      clear: {},
      /** Asks for the key to publish with, and for the link to play the others; or for that link alone, which takes no place in a small lesson. */
      key: { publish: withDefault(BOOLEAN, true) },
    },
  },
  entries: [
    {
      key: "stage/PARTICIPANT",
      fields: {
        person: STRING,
        // An entry has its sender's `name` and `role`, which hide those of its body.
        personName: STRING,
        /** host: a teacher whose own picture and sound those on stage get without what is mixed into the lesson's stream. */
        state: choice(STATES),
        /** Milliseconds since 1970. */
        since: NUMBER,
        /** Whether the person is asked to show, or shows, the camera too. */
        camera: BOOLEAN,
      },
      gone: { person: STRING },
    },
  ],
}));

const device = /* @__PURE__ */ declared(() => withDefault(choice(DEVICES), "microphone"));

/** The entries have the keys `media/…`: `mute/…` are people who may not write. */
export const MUTE = /* @__PURE__ */ kind(() => ({
  kind: "mute",
  sends: {
    actions: {
      self: { microphone: optional(BOOLEAN), camera: optional(BOOLEAN) },
      mute: { person: ID, what: device },
      "mute-all": {},
      ask: { person: ID, what: device },
    },
  },
  entries: [
    {
      key: "media/PARTICIPANT",
      fields: {
        person: STRING,
        personName: STRING,
        personRole: choice(["staff", "member", "guest"]),
        microphone: BOOLEAN,
        camera: BOOLEAN,
        /** Who switched last. */
        by: choice(["self", "staff"]),
        /** What a teacher has asked the person to switch on. */
        asked: nullable(choice(DEVICES)),
        screen: choice(SCREENS),
      },
      gone: { person: STRING },
    },
  ],
}));

export const LAYOUT_FIELDS = /* @__PURE__ */ declared(() => ({
  view: choice(VIEWS),
  /** Who is large; null: the one who speaks. */
  large: nullable(string({ max: MAX_ID })),
  /** Who may share a screen without asking. */
  screens: choice(["staff", "everybody"]),
  /** Whether the lesson's own stream has the sound and pictures of those on stage. Without, everybody's page plays them beside it. */
  mixed: BOOLEAN,
}));

export const LAYOUT = /* @__PURE__ */ kind(() => ({
  kind: "layout",
  sends: {
    actions: {
      set: partial(LAYOUT_FIELDS),
      share: {},
      allow: { person: ID },
      stop: { person: optional(ID) },
    },
  },
  entries: [{ key: "layout", fields: LAYOUT_FIELDS }],
}));

export type StagePerson = {
  readonly person: string;
  readonly name: string;
  /** host: a teacher whose own picture and sound those on stage get. */
  readonly state: (typeof STATES)[number];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly camera: boolean;
};

export type MemberMedia = {
  readonly person: string;
  readonly name: string;
  readonly isStaff: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  /** Whether a teacher switched last. */
  readonly byStaff: boolean;
  /** What a teacher asks the person to switch on. */
  readonly asked: (typeof DEVICES)[number] | null;
  readonly screen: (typeof SCREENS)[number];
};

export type StageLayout = FieldsOf<typeof LAYOUT_FIELDS>;

export type Stage = {
  readonly people: readonly StagePerson[];
  /** In the order in which they came. */
  readonly media: readonly MemberMedia[];
  readonly layout: StageLayout;
};

/** The newest entry of each key. */
type Newest = {
  readonly held: (kind: string) => readonly Pick<WireEntry, "body">[];
  readonly one: (key: string) => Pick<WireEntry, "body"> | null;
};

export function stageOf({ held, one }: Newest): Stage {
  return {
    people: held("stage").flatMap(({ body }) => stagePerson(body) ?? []),
    media: held("media").flatMap(({ body }) => memberMedia(body) ?? []),
    layout: layoutOf(one("layout")?.body ?? {}),
  };
}

export function onStage({ people }: Pick<Stage, "people">): readonly StagePerson[] {
  return people.filter(({ state }) => state === "on");
}

function stagePerson(body: Body): StagePerson | null {
  const [person, state] = [textOf(body, "person"), oneOf(STATES, body["state"])];
  if (person === null || !state) return null;
  const since = numberOf(body, "since") ?? 0;
  return { person, state, since, camera: body["camera"] === true, name: textOf(body, "personName") ?? "" };
}

function memberMedia(body: Body): MemberMedia | null {
  const person = textOf(body, "person");
  if (person === null) return null;
  return {
    person,
    name: textOf(body, "personName") ?? "",
    isStaff: body["personRole"] === "staff",
    microphone: body["microphone"] === true,
    camera: body["camera"] === true,
    byStaff: body["by"] === "staff",
    asked: oneOf(DEVICES, body["asked"]) ?? null,
    screen: oneOf(SCREENS, body["screen"]) ?? "none",
  };
}

function layoutOf(body: Body): StageLayout {
  return {
    view: oneOf(VIEWS, body["view"]) ?? "speaker",
    large: textOf(body, "large"),
    screens: body["screens"] === "everybody" ? "everybody" : "staff",
    mixed: body["mixed"] === true,
  };
}

function oneOf<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((one) => one === value);
}
