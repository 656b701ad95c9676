/** What a player watches, as beacons name it. */
import type { ViewFacts } from "./view-reporter.ts";

const STREAM = /\/([\w-]+\/[\w~-]+)(?:@[\w-]+)?(?:\.flv|\.m3u8|\/whep)$/;

type Watched = {
  /** The address that is opened, absolute; empty before one is. */
  readonly url: string;
  readonly engine: "flv" | "hls" | "native" | "whep";
  readonly kind: ViewFacts["kind"];
  readonly rung: string | null;
};

/** Null where nothing is to be told: without a stream or recording of such a server in `src`, and with `reports="off"`. */
export function viewFacts(
  player: Pick<Element, "getAttribute">,
  { url, engine, kind, rung }: Watched,
  base = document.baseURI,
): ViewFacts | null {
  if (player.getAttribute("reports") === "off") return null;
  const given = givenStream(player.getAttribute("src") ?? "", base);
  if (given === null) return null;
  const { cid } = given;
  // What plays still may be the stream before.
  const opened = STREAM.exec(url.split("?")[0] ?? "")?.[1] === cid ? url : given.href;
  return { cid, kind, engine: engine === "flv" && opened.startsWith("ws") ? "ws" : engine, url: opened, rung };
}

type GivenStream = { readonly cid: string; readonly href: string };

/** Asked some times a second, nearly always for the same. */
let last: { readonly src: string; readonly base: string; readonly given: GivenStream | null } | null = null;

function givenStream(src: string, base: string): GivenStream | null {
  if (last?.src !== src || last.base !== base) last = { src, base, given: readStream(new URL(src, base)) };
  return last.given;
}

function readStream({ protocol, pathname, href }: URL): GivenStream | null {
  const cid = STREAM.exec(pathname)?.[1];
  return cid === undefined || !/^(?:http|ws)s?:$/.test(protocol) ? null : { cid, href };
}
