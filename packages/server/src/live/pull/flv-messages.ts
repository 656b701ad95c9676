/** Reads FLV as the messages of an ingest: audio and video tags, and the metadata. */
import { FlvReader, type Malformed } from "@lectern/media";
import { toSourceMessage } from "../rtmp/source-messages.ts";
import type { SourceMessage } from "../streams/index.ts";

const MAX_TAG_BYTES = 16 * 1024 * 1024;

/** Gives a function that takes bytes in any pieces. `Malformed` when they are no FLV any more. */
export function flvMessages(onMessage: (message: SourceMessage) => void): (bytes: Uint8Array) => Malformed | null {
  const reader = new FlvReader({
    maxTagBytes: MAX_TAG_BYTES,
    onTag: ({ type, timestamp, body }) => {
      // The types of FLV's tags are those of RTMP's messages. What cannot be read of an origin's tags is left out.
      const message = toSourceMessage({ type, streamId: 0, timestamp, payload: body });
      if (message) onMessage(message);
    },
  });
  return (bytes) => reader.push(bytes);
}
