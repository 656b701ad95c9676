/**
 * Defines what the class asks for while most of its scripts are still on their way: what the code stands for, and the way in for a person who needs
 * no form. Each answer is taken once: what is asked for again comes from the server.
 */
import type { Joined } from "@lectern/client";
import { isSignedIn } from "../session/signed-in.ts";
import { askForInvitation, guestToken, type Invitation, joinLesson } from "./lesson-door.ts";

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

export function prefetchAnswers(code: string): void {
  invitation = asked(askForInvitation(code));
  joined = needsNoForm(code) ? asked(joinLesson(code, code, { name: null, consent: false })) : null;
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
