/** What a room says of its stage, as pages show it: who is invited or on it, whose microphone and camera are on, and how people are laid out. */
import type { Room } from "../room/use-room.ts";
import { type Body, numberOf, textOf } from "../room/wire.ts";

export type StagePerson = {
  readonly person: string;
  readonly name: string;
  /** host: a teacher whose own picture and sound those on stage get. */
  readonly state: "invited" | "on" | "host";
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
  readonly asked: "microphone" | "camera" | null;
  readonly screen: "none" | "asked" | "allowed" | "sharing";
};

export type StageLayout = {
  readonly view: "speaker" | "grid" | "screen";
  /** Null: the one who speaks. */
  readonly large: string | null;
  readonly screens: "staff" | "everybody";
  /** Whether the lesson's own stream has those on stage in it. */
  readonly mixed: boolean;
};

export type Stage = {
  readonly people: readonly StagePerson[];
  /** In the order in which they came. */
  readonly media: readonly MemberMedia[];
  readonly layout: StageLayout;
};

export function stageOf(room: Pick<Room, "held" | "one">): Stage {
  return {
    people: room.held("stage").flatMap(({ body }) => stagePerson(body)),
    media: room.held("media").flatMap(({ body }) => memberMedia(body)),
    layout: layoutOf(room.one("layout")?.body ?? {}),
  };
}

export function onStage({ people }: Pick<Stage, "people">): readonly StagePerson[] {
  return people.filter(({ state }) => state === "on");
}

function stagePerson(body: Body): StagePerson[] {
  const person = textOf(body, "person");
  const state = oneOf(textOf(body, "state"), ["invited", "on", "host"] as const);
  if (person === null || state === null) return [];
  const camera = body["camera"] === true;
  return [{ person, state, camera, name: textOf(body, "personName") ?? "", since: numberOf(body, "since") ?? 0 }];
}

function memberMedia(body: Body): MemberMedia[] {
  const person = textOf(body, "person");
  if (person === null) return [];
  return [
    {
      person,
      name: textOf(body, "personName") ?? "",
      isStaff: textOf(body, "personRole") === "staff",
      microphone: body["microphone"] === true,
      camera: body["camera"] === true,
      byStaff: textOf(body, "by") === "staff",
      asked: oneOf(textOf(body, "asked"), ["microphone", "camera"] as const),
      screen: oneOf(textOf(body, "screen"), ["none", "asked", "allowed", "sharing"] as const) ?? "none",
    },
  ];
}

function layoutOf(body: Body): StageLayout {
  return {
    view: oneOf(textOf(body, "view"), ["speaker", "grid", "screen"] as const) ?? "speaker",
    large: textOf(body, "large"),
    screens: textOf(body, "screens") === "everybody" ? "everybody" : "staff",
    mixed: body["mixed"] === true,
  };
}

function oneOf<const T extends string>(value: string | null, values: readonly T[]): T | null {
  return values.find((one) => one === value) ?? null;
}
