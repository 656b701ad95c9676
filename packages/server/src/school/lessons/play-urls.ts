/** Provides URLs of a lesson's stream: to publish it, and to play it, signed for one participant. A signed link opens connections for 15 minutes. */

import { signLink } from "../../access/links/signed-link.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Lesson } from "../foundation/store/tables.ts";

/** A link opens connections for this long; the page renews it earlier. */
export const LINK_SECONDS = 900;
export const RENEW_AFTER_SECONDS = 600;

/** Where this server is reached. */
export type Hosts = {
  readonly origin: string;
  readonly rtmp: string;
  /** Null: SRT is off. */
  readonly srt: string | null;
};

/** @param link the parameters of its signature; null for unsigned URLs */
export function playUrls({ stream_app: app, stream_name: name }: Lesson, hosts: Hosts, link: URLSearchParams | null = null) {
  const http = `${hosts.origin}/${app}/${name}`;
  const query = link ? `?${link}` : "";
  return {
    flv: `${http}.flv${query}`,
    hls: `${http}.m3u8${query}`,
    whep: `${http}/whep${query}`,
    rtmp: `${hosts.rtmp}/${app}/${name}${query}`,
    srt: hosts.srt && `${hosts.srt}?streamid=${encodeURIComponent(playStreamId(`${app}/${name}`, link))}`,
  };
}

/** The standard's form, draft-sharabayko-srt-01 appendix B: a signed link's parameters stand beside the stream. */
function playStreamId(stream: string, link: URLSearchParams | null): string {
  const signed = [...(link ?? [])].map(([name, value]) => `,${name}=${value}`);
  return `#!::r=${stream},m=request${signed.join("")}`;
}

/** Where a lesson is published: RTMP and SRT have the key in the address, WHIP takes it as `Authorization: Bearer KEY`. */
export function publishUrls({ stream_app: app, stream_name: name, publish_key: key }: Lesson, hosts: Hosts) {
  return {
    rtmpUrl: `${hosts.rtmp}/${app}/${name}?key=${key}`,
    srtUrl: hosts.srt && `${hosts.srt}?streamid=publish:${app}/${name}:${key}`,
    whipUrl: `${hosts.origin}/${app}/${name}/whip`,
  };
}

type SignedUrlOptions = {
  readonly secret: string;
  readonly hosts: Hosts;
  /** Whether policies let only HLS through. */
  readonly isEncrypted: boolean;
  /** Milliseconds since 1970. Default: now. */
  readonly now?: number;
};

/** @param viewer the participant's id, to which the links are bound */
export function signedPlayUrls(
  lesson: Lesson,
  viewer: string,
  { secret, hosts, isEncrypted, now = systemClock.utc() }: SignedUrlOptions,
) {
  const expires = Math.floor(now / 1000) + LINK_SECONDS;
  const link = signLink({ app: lesson.stream_app, name: lesson.stream_name, expires, viewer }, secret);
  const { flv, hls, whep, rtmp, srt } = playUrls(lesson, hosts, link);
  return {
    play: isEncrypted ? { flv: null, hls, whep: null, rtmp: null, srt: null } : { flv, hls, whep, rtmp, srt },
    expiresAt: new Date(expires * 1000),
    renewAt: new Date(now + RENEW_AFTER_SECONDS * 1000),
  };
}
