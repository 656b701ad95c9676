/**
 * Defines what the class asks for while most of its scripts are still on their way: what the code stands for, and the way in for a person who needs
 * no form. Each answer is taken once: what is asked for again comes from the server.
 */
import type { Joined } from "@lectern/client";
import { keepValue, keptValue } from "../session/kept-values.ts";
import { isSignedIn } from "../session/signed-in.ts";
import { askForInvitation, guestToken, type Invitation, joinLesson } from "./lesson-door.ts";

/** The code of the lesson that was over last. */
const OVER_KEY = "lectern.over";

type PendingAnswer<Answer> = {
  readonly answer: Promise<Answer>;
  /** Null: it has not come yet. */
  known: Answer | null;
};

let invitation: PendingAnswer<Invitation> | null = null;
let joined: PendingAnswer<Joined> | null = null;

/** Whether a person joins without a form: one who is signed in, and a guest who returns. */
export function needsNoForm(code: string): boolean {
  return isSignedIn() || guestToken(code) !== null;
}

/** Nobody joins a lesson that is over; where that is not known yet, the invitation says so. */
export function prefetchAnswers(code: string): void {
  invitation = asked(askForInvitation(code));
  joined =
    needsNoForm(code) && !isOver(code) ? asked(joinLesson(code, code, { name: null, consent: false, unlessEnded: true })) : null;
}

/** Tells the next page of this device that the lesson is over, or goes on after all. */
export function rememberState(code: string, state: Invitation["state"]): void {
  if (state === "ended") keepValue("device", OVER_KEY, code);
  else if (keptValue("device", OVER_KEY) === code) keepValue("device", OVER_KEY, "");
}

/** As far as this device knows: it was over when it was open here, or the address names a recording of it. */
function isOver(code: string): boolean {
  return keptValue("device", OVER_KEY) === code || new URLSearchParams(location.search).has("recording");
}

/** Null: it was not asked for, or has been taken. */
export function takeInvitation(): Promise<Invitation> | null {
  const taken = invitation;
  invitation = null;
  return taken?.answer ?? null;
}

/** As `takeInvitation`. */
export function takeJoined(): Promise<Joined> | null {
  const taken = joined;
  joined = null;
  return taken?.answer ?? null;
}

/** What the first picture of the page can be drawn with; it is not taken by that. Null: it has not come, or has been taken. */
export function knownInvitation(): Invitation | null {
  return invitation?.known ?? null;
}

/** Takes it, where it has come. */
export function takeKnownJoined(): Joined | null {
  const known = joined?.known ?? null;
  if (known) joined = null;
  return known;
}

function asked<Answer>(answer: Promise<Answer>): PendingAnswer<Answer> {
  const one: PendingAnswer<Answer> = { answer, known: null };
  answer.then(
    (value) => {
      one.known = value;
    },
    // A refusal is told to the one who takes it.
    () => {},
  );
  return one;
}
