/**
 * Decides about microphones, cameras, shared screens and the layout. Staff mute people and switch cameras off; nobody switches on what is another's:
 * staff ask, and the person decides.
 */
import { type ActionOf, LAYOUT, MUTE, type NewRoomEntry, type RoomPerson } from "@lectern/room";
import { z } from "zod";
import { Refusal } from "../../../platform/refusal.ts";
import { stageText } from "../../foundation/messages/stage-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import { actionSchema } from "../field-schemas.ts";
import { isStaff, staffOnly } from "../talk/may-talk.ts";
import type { StageOutcome } from "./stage-rules.ts";
import { type Media, type StageState, setLayout, setMedia } from "./stage-state.ts";

/** Always refused: staff ask. */
const UNMUTE = z.strictObject({ action: z.literal("unmute"), person: id });
export const muteAction = actionSchema(MUTE, UNMUTE);
export type MuteAction = ActionOf<typeof MUTE> | z.output<typeof UNMUTE>;

export const layoutAction = actionSchema(LAYOUT);
export type LayoutAction = ActionOf<typeof LAYOUT>;

export function decideMute(state: StageState, who: RoomPerson, action: MuteAction): StageOutcome {
  switch (action.action) {
    case "self":
      return setOwn(state, who, action);
    case "mute":
      return staffOnly(who) ?? withMedia(state, action.person, (media) => [switchOff(state, media, action.what)]);
    case "mute-all":
      return staffOnly(who) ?? muteAll(state);
    case "ask":
      return (
        staffOnly(who) ??
        withMedia(state, action.person, (media) => (media[action.what] ? [] : [setMedia(state, { ...media, asked: action.what })]))
      );
    case "unmute":
      return new Refusal("refused-by-rule", stageText("only-ask-unmute"));
  }
}

export function decideLayout(state: StageState, who: RoomPerson, action: LayoutAction): StageOutcome {
  switch (action.action) {
    case "set":
      return staffOnly(who) ?? change(state, action);
    case "share":
      return share(state, who);
    case "allow":
      return (
        staffOnly(who) ??
        withMedia(state, action.person, (media) =>
          media.screen === "asked" || media.screen === "none" ? [setMedia(state, { ...media, screen: "allowed" })] : [],
        )
      );
    case "stop":
      return stop(state, who, action.person ?? who.id);
  }
}

function setOwn(
  state: StageState,
  who: RoomPerson,
  { microphone, camera }: Extract<MuteAction, { readonly action: "self" }>,
): StageOutcome {
  const media = state.media.get(who.id);
  if (!media) return new Refusal("not-on-stage", stageText("not-on-stage"));
  const now: Media = {
    ...media,
    by: "self",
    microphone: microphone ?? media.microphone,
    camera: camera ?? media.camera,
    // Whatever the person did, the question is answered.
    asked: media.asked !== null && { microphone, camera }[media.asked] !== undefined ? null : media.asked,
  };
  const isSame = now.microphone === media.microphone && now.camera === media.camera && now.asked === media.asked;
  return isSame ? [] : [setMedia(state, now)];
}

function switchOff(state: StageState, media: Media, what: "microphone" | "camera"): NewRoomEntry {
  return setMedia(state, { ...media, [what]: false, by: "staff", asked: media.asked === what ? null : media.asked });
}

/** All who do not teach. */
function muteAll(state: StageState): StageOutcome {
  const loud = [...state.media.values()].filter(({ personRole, microphone }) => personRole !== "staff" && microphone);
  return loud.map((media) => switchOff(state, media, "microphone"));
}

function change(state: StageState, { action: _, ...given }: Extract<LayoutAction, { readonly action: "set" }>): StageOutcome {
  const { large, ...rest } = given;
  if (typeof large === "string" && !state.media.has(large)) return new Refusal("not-found", stageText("not-seen"));
  const { view, screens, mixed } = state.layout;
  return [
    setLayout(state, {
      view: rest.view ?? view,
      screens: rest.screens ?? screens,
      mixed: rest.mixed ?? mixed,
      large: large === undefined ? state.layout.large : large,
    }),
  ];
}

/** One screen at a time. Staff take it over; others ask first, where the lesson says so. */
function share(state: StageState, who: RoomPerson): StageOutcome {
  const media = state.media.get(who.id);
  if (!media) return new Refusal("not-on-stage", stageText("not-on-stage"));
  if (media.screen === "sharing") return [];
  const mayShare = isStaff(who) || state.layout.screens === "everybody" || media.screen === "allowed";
  if (!mayShare) return media.screen === "asked" ? [] : [setMedia(state, { ...media, screen: "asked" })];
  const sharing = [...state.media.values()].filter(({ screen }) => screen === "sharing");
  if (sharing.length > 0 && !isStaff(who)) return new Refusal("conflict", stageText("screen-taken"));
  return [setMedia(state, { ...media, screen: "sharing" }), ...sharing.map((one) => setMedia(state, { ...one, screen: "none" }))];
}

function stop(state: StageState, who: RoomPerson, id: string): StageOutcome {
  const refused = id === who.id ? null : staffOnly(who);
  if (refused) return refused;
  const media = state.media.get(id);
  return !media || media.screen === "none" ? [] : [setMedia(state, { ...media, screen: "none" })];
}

function withMedia(state: StageState, id: string, act: (media: Media) => StageOutcome): StageOutcome {
  const media = state.media.get(id);
  return media ? act(media) : new Refusal("not-found", stageText("not-seen"));
}
