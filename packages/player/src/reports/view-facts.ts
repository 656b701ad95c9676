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
  const given = new URL(player.getAttribute("src") ?? "", base);
  const cid = STREAM.exec(given.pathname)?.[1];
  if (cid === undefined || !/^(?:http|ws)s?:$/.test(given.protocol)) return null;
  // What plays still may be the stream before.
  const opened = STREAM.exec(url.split("?")[0] ?? "")?.[1] === cid ? url : given.href;
  return { cid, kind, engine: engine === "flv" && opened.startsWith("ws") ? "ws" : engine, url: opened, rung };
}
