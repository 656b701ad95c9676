/**
 * Holds texts: entries for staff alone, with what others see once the text is approved. While the school's own check is asked about a text, it
 * has the key `checking/REF`; while staff are, `held/REF`.
 */
import type { NewRoomEntry, RoomPerson } from "@lectern/room";
import { isEventName } from "../../foundation/store/events.ts";
import type { Outcome, RequestedAction, RoomView } from "../domain.ts";
import type { HeldText, TalkContext } from "../talk/talk-context.ts";
import type { ExternalChecks } from "./external-checks.ts";
import { checkingKey, type HeldLine, heldKey } from "./held-line.ts";
import type { TextChecks } from "./text-checks.ts";

/** Not the author, who would see why the text is held. */
const SERVER: RoomPerson = { id: "", name: "", role: "staff" };

/** @returns what domains of talk do with a text that `check` holds */
export function holdText(checks: TextChecks, external: Pick<ExternalChecks, "ask">): TalkContext["hold"] {
  return (room, action, held) => {
    const { schoolId, lessonId } = room;
    const line = lineOf(checks, room, action, held);
    // What word lists hold, staff decide about.
    const isRequested = checks.words(schoolId, held.text).action !== "hold" && checks.external(schoolId) !== null;
    if (isRequested) room.afterCommit(() => void external.ask(schoolId, lessonId, line));
    return {
      entries: [authorNotice(line, "held"), isRequested ? checkingEntry(line) : staffEntry(line)],
      answer: { held: true, ref: line.ref },
    };
  };
}

function lineOf(
  checks: TextChecks,
  { schoolId }: RoomView,
  { kind: textKind, person: author }: RequestedAction<unknown>,
  held: HeldText,
): HeldLine {
  const { ref, text, reason, entry } = held;
  const { id, name, role } = author;
  const verdict = checks.words(schoolId, text);
  const shown = verdict.action === "mask" ? withText(entry, verdict.text) : entry;
  return { ref, textKind, text, person: { id, name, role }, reason, entry: { ...shown, body: { ...shown.body } } };
}

/** An entry with another text, marked so that pages say that words were covered. */
function withText<Entry extends Pick<NewRoomEntry, "body">>(entry: Entry, text: string): Entry {
  return { ...entry, body: { ...entry.body, text, masked: true } };
}

function checkingEntry(line: HeldLine): NewRoomEntry {
  return { kind: "moderation", to: "staff", key: checkingKey(line.ref), from: SERVER, body: line };
}

function staffEntry(line: HeldLine): NewRoomEntry {
  return { kind: "moderation", to: "staff", key: heldKey(line.ref), from: SERVER, body: line };
}

/** Tells the author what has become of the text. */
function authorNotice({ ref, textKind, person: { id } }: HeldLine, action: "held" | "refused"): NewRoomEntry {
  return { kind: "moderation", to: { participant: id }, key: null, body: { action, ref, textKind } };
}

/** The text as others see it. @param text instead of the held one */
function shownEntry({ entry: { sampled = false, ...entry }, person: author }: HeldLine, text?: string): NewRoomEntry {
  const shown = { ...entry, sampled, from: author };
  return text === undefined ? shown : withText(shown, text);
}

export type HeldDecision = { readonly action: "approve" | "refuse" | "hold"; readonly text?: string | undefined };

/** What a decision about a held text does. The first entry is the action's. @param key that the text is held by */
export async function decideHeld(room: RoomView, key: string, line: HeldLine, { action, text }: HeldDecision): Promise<Outcome> {
  const gone: NewRoomEntry = { kind: "moderation", to: "staff", key, gone: true, body: { action, ref: line.ref } };
  if (action === "hold") return { entries: [gone, staffEntry(line)] };
  if (action === "refuse") return { entries: [gone, authorNotice(line, "refused")] };
  const shown = shownEntry(line, text);
  const event = `room.${shown.kind}`;
  if (isEventName(event)) await room.emit(event, { ...shown.body, to: shown.to, from: line.person });
  return { entries: [gone, shown] };
}
