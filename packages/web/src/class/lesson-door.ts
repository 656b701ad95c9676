/** Defines what a lesson's code stands for, and the way in. */
import type { Joined } from "@lectern/client";
import { ApiError, api, publicApi, unwrap } from "../session/api.ts";
import { keepValue, keptValue } from "../session/kept-values.ts";
import { deviceId } from "./device-id.ts";
import { requestContent } from "./prefetch-content.ts";

export type Invitation = {
  readonly lessonId: string;
  readonly title: string;
  readonly school: string;
  readonly teacher: string | null;
  readonly state: "scheduled" | "live" | "ended";
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly startedAt: string | null;
  /** Since when nobody publishes to the live lesson. */
  readonly publisherLeftAt: string | null;
  readonly guests: boolean;
  /** What guests agree to before they join; empty: nothing. */
  readonly guestConsent: string;
  /** Of the school, `#rrggbb`; null: that of the pages. */
  readonly accent: string | null;
  readonly logo: string | null;
};

export async function askForInvitation(code: string): Promise<Invitation> {
  return await unwrap(publicApi().GET("/api/v1/invitations/{code}", { params: { path: { code } } }));
}

/** As the server refuses it; the invitation has the words. */
const ENDED = { type: "", title: "", status: 409, code: "lesson-ended", detail: "" } as const;

type Entrance = {
  /** Null for a person who is signed in, or a guest who returns. */
  readonly name: string | null;
  /** A guest agrees to the school's terms. */
  readonly consent: boolean;
  /** Asked before the state of the lesson is known: the browser's console has no refusal of one that has ended. Default: false. */
  readonly unlessEnded?: boolean;
};

/** @param lesson its id, or its code as long as the id is not known */
export async function joinLesson(lesson: string, code: string, { name, consent, unlessEnded = false }: Entrance): Promise<Joined> {
  const token = guestToken(code);
  const body = { ...(name ? { name } : {}), ...(token ? { token } : {}), consent, device: deviceId(), unlessEnded };
  const joined: Joined | undefined = await unwrap(
    api().POST("/api/v1/lessons/{lessonId}/join", { params: { path: { lessonId: lesson } }, body }),
  );
  if (joined === undefined) throw new ApiError(ENDED);
  if (joined.token) keepValue("tab", guestKey(code), joined.token);
  requestContent(joined, code);
  return joined;
}

/** The token of a guest, by which a reload of the page stays the same guest. */
export function guestToken(code: string): string | null {
  return keptValue("tab", guestKey(code));
}

function guestKey(code: string): string {
  return `lectern.guest.${code}`;
}
