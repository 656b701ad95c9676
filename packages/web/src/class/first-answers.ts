/**
 * What the class asks for while most of its scripts are still on their way: what the code stands for, and the way in for a person who needs no form. Each
 * answer is taken once: what is asked for again comes from the server.
 */
import type { Joined } from "@lectern/client";
import { isSignedIn } from "../session/signed-in.ts";
import { askForInvitation, guestToken, type Invitation, joinLesson } from "./lesson-door.ts";

let invitation: Promise<Invitation> | null = null;
let joined: Promise<Joined> | null = null;

/** Whether a person joins without a form: one who is signed in, and a guest who returns. */
export function needsNoForm(code: string): boolean {
  return isSignedIn() || guestToken(code) !== null;
}

export function askAhead(code: string): void {
  invitation = askForInvitation(code);
  joined = needsNoForm(code) ? joinLesson(code, code, { name: null, consent: false }) : null;
  // A refusal is told to the one who takes it.
  for (const answer of [invitation, joined]) answer?.catch(() => {});
}

/** Null: it was not asked for, or has been taken. */
export function takeInvitation(): Promise<Invitation> | null {
  const taken = invitation;
  invitation = null;
  return taken;
}

/** As `takeInvitation`. */
export function takeJoined(): Promise<Joined> | null {
  const taken = joined;
  joined = null;
  return taken;
}
