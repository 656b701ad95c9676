/** Defines what a member of a lesson gets for its stage: the key to publish with while it may, and the link that plays the others. */

import type { RoomPerson } from "@lectern/room";
import { MEMBER_KEY_SECONDS, signMemberKey } from "../../../access/links/member-key.ts";
import { signLink } from "../../../access/links/signed-link.ts";
import { memberStream } from "../../../access/policies/stream-policy.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { LINK_SECONDS } from "../../lessons/play-urls.ts";
import { isStaff } from "../talk/may-talk.ts";
import { publishersOf, type StageState } from "./stage-state.ts";

export type StageKeys = {
  /** `name`: `NAME~USER`. Null: this person may not publish now. */
  readonly publish: { readonly app: string; readonly name: string; readonly key: string; readonly expiresAt: number } | null;
  /** The query of a link to every `NAME~…` of the lesson. Null: what the stage says is in the lesson's own stream. */
  readonly play: { readonly app: string; readonly prefix: string; readonly query: string; readonly expiresAt: number } | null;
};

export type StageKeysOptions = {
  readonly lesson: Pick<Lesson, "stream_app" | "stream_name">;
  readonly isSmallLesson: boolean;
  readonly state: StageState;
  readonly who: RoomPerson;
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Times are milliseconds since 1970. */
export function stageKeys({ lesson, isSmallLesson, state, who, secret, now }: StageKeysOptions): StageKeys {
  const { stream_app: app, stream_name: stream } = lesson;
  const seconds = Math.floor(now / 1000);
  const mayPublish = isSmallLesson ? state.media.has(who.id) : publishersOf(state).includes(who.id);
  const name = memberStream(stream, who.id);
  const keyExpires = seconds + MEMBER_KEY_SECONDS;
  const key = () => signMemberKey({ app, name, expires: keyExpires }, secret);
  // Without a teacher's page that mixes, everybody plays the stage beside the lesson's stream.
  const mayPlay = isSmallLesson || isStaff(who) || mayPublish || !state.layout.mixed;
  const prefix = memberStream(stream, "");
  const linkExpires = seconds + LINK_SECONDS;
  const query = () => `?${signLink({ app, name: prefix, expires: linkExpires, viewer: who.id }, secret)}`;
  return {
    publish: mayPublish ? { app, name, key: key(), expiresAt: keyExpires * 1000 } : null,
    play: mayPlay ? { app, prefix, query: query(), expiresAt: linkExpires * 1000 } : null,
  };
}
