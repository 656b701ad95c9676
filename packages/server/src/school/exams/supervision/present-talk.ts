/** Presents talks: who talks, and by which streams the two hear each other. */
import type { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { MEMBER_KEY_SECONDS, signMemberKey } from "../../../access/links/member-key.ts";
import type { OpenTalk, TalkSide } from "../talks.ts";
import { liveAddresses } from "./live-addresses.ts";
import { talkStream } from "./stream-names.ts";
import type { talkStreamsShape } from "./talk-shapes.ts";
import type { WallSources } from "./wall-items.ts";

/** Longer than a talk lasts. Its streams end with it, and have names of their own. */
const PLAY_SECONDS = 2 * 3600;

export function presentTalk({ id: talk, by, supervisor_id, requested_at, accepted_at }: OpenTalk, actor: Actor) {
  return {
    id: talk,
    by,
    isOwn: actor.kind === "user" && actor.id === supervisor_id,
    state: accepted_at === null ? ("requested" as const) : ("on" as const),
    requestedAt: requested_at,
    acceptedAt: accepted_at,
  };
}

/** @param side which of the two the person is @param viewer to whom the addresses are given */
export function talkStreams(
  sources: Pick<WallSources, "app" | "secret" | "now">,
  { attempt_id: attempt, number }: OpenTalk,
  {
    examStream,
    side,
    viewer,
    origin,
  }: { readonly examStream: string; readonly side: TalkSide; readonly viewer: string; readonly origin: string },
): z.input<typeof talkStreamsShape> {
  const { app, secret, now } = sources;
  const name = talkStream(examStream, { attempt, side, number });
  const other = talkStream(examStream, { attempt, side: side === "voice" ? "supervisor" : "voice", number });
  const expires = Math.floor(now / 1000) + MEMBER_KEY_SECONDS;
  const { flv, ws, whep } = liveAddresses(sources, origin, viewer, other, PLAY_SECONDS);
  return {
    publish: {
      app,
      name,
      key: signMemberKey({ app, name, expires }, secret),
      keyExpiresAt: new Date(expires * 1000),
      whipUrl: `/${app}/${name}/whip`,
      webSocketUrl: `/${app}/${name}/publish`,
    },
    play: { flv, ws, whep },
  };
}
