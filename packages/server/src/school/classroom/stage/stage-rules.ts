/** Decides who is on the stage of a class: invited by staff, there when they accept, away when either side ends it. Pure, apart from the state. */
import { type ActionOf, type NewRoomEntry, type RoomPerson, STAGE } from "@lectern/room";
import { z } from "zod";
import { Refusal } from "../../../platform/refusal.ts";
import { stageText } from "../../foundation/messages/stage-texts.ts";
import { actionSchema } from "../field-schemas.ts";
import { isStaff, staffOnly } from "../talk/may-talk.ts";
import {
  INVITED_MS,
  MEDIA_PLACES,
  type Media,
  publishersOf,
  STAGE_PLACES,
  type StageState,
  setMedia,
  setStage,
  takeOff,
} from "./stage-state.ts";

/** Of the server itself. */
const TIDY = z.strictObject({ action: z.literal("tidy") });
export const stageAction = actionSchema(STAGE, TIDY);
export type StageAction = ActionOf<typeof STAGE> | z.output<typeof TIDY>;

/** The room while the stage decides. */
export type StageRoom = {
  readonly state: StageState;
  /** Whether everybody publishes: a small lesson. */
  readonly isSmallLesson: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Participants who are in the room now. */
  readonly present: ReadonlySet<string>;
  /** Names of those in the room whom staff invite. */
  readonly names: ReadonlyMap<string, string>;
  /** Whose hands are up. */
  readonly hands: ReadonlySet<string>;
  /** People who have not been in the room for long enough to have left. */
  readonly left: (ids: readonly string[]) => readonly string[];
};

export type StageOutcome = Refusal | readonly NewRoomEntry[];

export function decideStage(room: StageRoom, who: RoomPerson, action: StageAction): StageOutcome {
  const { state } = room;
  switch (action.action) {
    case "invite":
      return staffOnly(who) ?? invite(room, action.person, action.camera);
    case "accept":
      return accept(room, who, action);
    case "decline":
    case "leave":
      return takeOff(state, [who.id]);
    case "remove":
      return staffOnly(who) ?? takeOff(state, [action.person]);
    case "clear":
      return staffOnly(who) ?? takeOff(state, [...state.people.keys()]);
    case "key":
      return askForKey(room, who, action.publish);
    case "tidy":
      return who.id === "" ? tidy(room) : new Refusal("refused-by-rule");
  }
}

function invite({ state, isSmallLesson, now, present, names, hands }: StageRoom, id: string, camera: boolean): StageOutcome {
  if (isSmallLesson) return new Refusal("conflict", stageText("everybody-speaks"));
  const known = state.people.get(id);
  if (known && known.state !== "invited") return [];
  const name = names.get(id);
  // A hand that is up is somebody's who is there, also where the list of people does not say so yet.
  if (name === undefined || !(present.has(id) || hands.has(id))) return new Refusal("not-found", stageText("not-here"));
  if (!known && usedCapacity(state) >= STAGE_PLACES) return new Refusal("full", stageText("stage-full", { max: STAGE_PLACES }));
  const invited = setStage(state, { person: id, personName: name, state: "invited", since: now, camera });
  return hands.has(id) ? [invited, handDown(id)] : [invited];
}

function usedCapacity({ people }: StageState): number {
  return [...people.values()].filter(({ state }) => state !== "host").length;
}

/** The hand was taken. */
function handDown(id: string): NewRoomEntry {
  return { kind: "hand", to: "all", key: `hand/${id}`, gone: true, body: { person: id } };
}

function accept(
  { state, now }: StageRoom,
  who: RoomPerson,
  { microphone, camera }: Extract<StageAction, { readonly action: "accept" }>,
): StageOutcome {
  const invited = state.people.get(who.id);
  if (invited?.state === "on") return [];
  const isOver = invited?.state !== "invited" || now - invited.since > INVITED_MS;
  if (isOver) return new Refusal("conflict", stageText("not-invited"));
  const shows = camera && invited.camera;
  const on = setStage(state, { ...invited, state: "on", since: now, camera: shows });
  return [on, setMedia(state, newMedia(who, microphone, shows))];
}

/** Who asks to publish and is not seen yet takes a place of a small lesson; a teacher of a class becomes a host. */
function askForKey({ state, isSmallLesson, now }: StageRoom, who: RoomPerson, publish: boolean): StageOutcome {
  if (who.id === "" || (publish && who.watches)) return new Refusal("refused-by-rule");
  if (!publish || state.media.has(who.id)) return [];
  if (!isSmallLesson) {
    const isHost = isStaff(who) && publishersOf(state).length > 0;
    if (!isHost || state.media.size >= MEDIA_PLACES) return [];
    const host = setStage(state, { person: who.id, personName: who.name, state: "host", since: now, camera: true });
    return [host, setMedia(state, newMedia(who, true, true))];
  }
  if (state.media.size >= MEDIA_PLACES) return new Refusal("full", stageText("lesson-is-full", { max: MEDIA_PLACES }));
  return [setMedia(state, newMedia(who, false, false))];
}

function newMedia({ id, name, role }: RoomPerson, microphone: boolean, camera: boolean): Media {
  const asRole = role === "watcher" ? "guest" : role;
  return { person: id, personName: name, personRole: asRole, microphone, camera, by: "self", asked: null, screen: "none" };
}

/** Ends invitations that nobody answered, and takes off those who have left. */
function tidy({ state, now, left }: StageRoom): StageOutcome {
  const over = [...state.people.values()].filter(({ state: is, since }) => is === "invited" && now - since > INVITED_MS);
  const gone = left([...new Set([...state.people.keys(), ...state.media.keys()])]);
  return takeOff(state, [...new Set([...over.map(({ person: id }) => id), ...gone])]);
}
