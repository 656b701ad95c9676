/** Defines what a player watches, as beacons name it. */
import type { ViewFacts } from "./view-reporter.ts";

const STREAM = /\/([\w-]+\/[\w~-]+)(?:@[\w-]+)?(?:\.flv|\.m3u8|\/whep)$/;

type Watched = {
  /** The address that is opened, absolute; empty before one is. */
  readonly url: string;
  readonly engine: "flv" | "hls" | "native" | "whep";
  readonly kind: ViewFacts["kind"];
  readonly rung: string | null;
};

/** What an address in `src` stands for. */
type ViewSource = {
  readonly src: string;
  readonly base: string;
  /** Absolute. */
  readonly href: string;
  /** Null: nothing of such a server. */
  readonly cid: string | null;
};

/** It is asked for several times a second, and nearly always of the same address: to take that apart each time was a sixth of what a player's looks cost. */
let lastGiven: ViewSource | null = null;

function givenBy(src: string, base: string): ViewSource {
  if (lastGiven?.src === src && lastGiven.base === base) return lastGiven;
  const { href, pathname, protocol } = new URL(src, base);
  const isServed = /^(?:http|ws)s?:$/.test(protocol);
  lastGiven = { src, base, href, cid: (isServed && STREAM.exec(pathname)?.[1]) || null };
  return lastGiven;
}

/** Null where nothing is to be told: without a stream or recording of such a server in `src`, and with `reports="off"`. */
export function viewFacts(
  player: Pick<Element, "getAttribute">,
  { url, engine, kind, rung }: Watched,
  base = document.baseURI,
): ViewFacts | null {
  if (player.getAttribute("reports") === "off") return null;
  const { href, cid } = givenBy(player.getAttribute("src") ?? "", base);
  if (cid === null) return null;
  // What plays still may be the stream before.
  const opened = STREAM.exec(url.split("?")[0] ?? "")?.[1] === cid ? url : href;
  return { cid, kind, engine: engine === "flv" && opened.startsWith("ws") ? "ws" : engine, url: opened, rung };
}
