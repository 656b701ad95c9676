/** Provides the reasons with which SRT rejects a caller, as libsrt has them: `docs/features/access-control.md` and `srt.h` there. */
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";

/** `SRT_REJ_…` */
export const REJECTION = {
  rogue: 4,
  version: 8,
  badSecret: 10,
  unsecure: 11,
  messageApi: 12,
  congestion: 13,
  filter: 14,
  group: 15,
} as const;
/** `SRT_REJX_…`: 1000 and a status of HTTP. */
const OF_STATUS = 1000;
const KNOWN: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 500, 503]);
const FORBIDDEN = 403;
const UNSUPPORTED_MEDIA = 415;
/** `SRT_REJX_OVERLOAD` has the number that HTTP has for payments. */
const OVERLOAD = 402;
/** The handshake type of a rejection is this and its reason. */
const FAILURE = 1000;

/** The reason for a refusal. */
export function rejectionOf({ code, status }: Refusal): number {
  if (code === "no-common-codec") return OF_STATUS + UNSUPPORTED_MEDIA;
  if (code === "full" || status === 429) return OF_STATUS + OVERLOAD;
  return OF_STATUS + (KNOWN.has(status) ? status : FORBIDDEN);
}

/** The handshake type that says so. */
export function rejectionType(reason: number): number {
  return FAILURE + reason;
}

const UNSUPPORTED: Readonly<Record<number, string>> = {
  [REJECTION.messageApi]: "file transfer",
  [REJECTION.congestion]: "file transfer",
  [REJECTION.filter]: "a packet filter (FEC)",
  [REJECTION.group]: "a bonded connection",
  [REJECTION.version]: "SRT before version 1.3",
};

/** What a rejection by the rules of SRT is to the people of the stream. */
export function refusalOf(reason: number): Refusal {
  if (reason === REJECTION.badSecret) return new Refusal("bad-key", liveText("srt-passphrase-wrong"));
  if (reason === REJECTION.unsecure) return new Refusal("bad-key", liveText("srt-passphrase-one-side"));
  const what = UNSUPPORTED[reason];
  const rule = "an SRT handshake that cannot be read";
  return new Refusal("bad-request", what ? liveText("srt-unsupported", { what }) : liveText("protocol-broken", { rule }));
}
