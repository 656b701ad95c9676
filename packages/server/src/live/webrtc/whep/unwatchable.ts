/** Words the refusal of a stream that cannot be watched by WHEP: for now, or at all. */
import { Refusal } from "../../../platform/refusal.ts";
import type { Stream } from "../../streams/index.ts";
import { whepText } from "./whep-texts.ts";

type StreamName = Pick<Stream, "app" | "name">;

/**
 * @param refusal why what browsers take of the stream could not be had. `not-yet` and `full` pass: a player comes back. Null and all others mean
 * that nobody makes it.
 */
export function unwatchable(of: StreamName, refusal: Refusal | null): Refusal {
  const addresses = otherAddresses(of);
  switch (refusal?.code) {
    case "not-yet":
      return new Refusal("not-yet", whepText("not-made-yet", addresses));
    case "full":
      return new Refusal("full", whepText("no-room-to-make", addresses));
    default:
      return new Refusal("not-in-webrtc", whepText("not-in-webrtc", addresses));
  }
}

/** Where the same stream can be watched in other ways. */
export function otherAddresses({ app, name }: StreamName): { readonly flv: string; readonly hls: string } {
  return { flv: `/${app}/${name}.flv`, hls: `/${app}/${name}.m3u8` };
}
