/** Reads FLV as the messages of an ingest: audio and video tags, and the metadata. */
import { decodeAmf0, FlvReader, isAmfObject, Malformed, TAG_TYPE } from "@lectern/media";
import { readAudioTag, readVideoTag } from "../source-tags.ts";
import type { SourceMessage } from "../streams/index.ts";

const MAX_TAG_BYTES = 16 * 1024 * 1024;

/** Gives a function that takes bytes in any pieces. `Malformed` when they are no FLV any more. */
export function flvMessages(onMessage: (message: SourceMessage) => void): (bytes: Uint8Array) => Malformed | null {
  let broken: Malformed | null = null;
  const reader = new FlvReader({
    maxTagBytes: MAX_TAG_BYTES,
    onTag: ({ type, timestamp, body }) => {
      const message = type === TAG_TYPE.script ? readScript(timestamp, body) : readMedia(type, timestamp, body);
      if (message instanceof Malformed) broken ??= message;
      else if (message && !broken) onMessage(message);
    },
  });
  return (bytes) => (broken ??= reader.push(bytes));
}

function readMedia(type: number, timestamp: number, body: Uint8Array): SourceMessage | null | Malformed {
  return type === TAG_TYPE.video ? readVideoTag(timestamp, body) : readAudioTag(timestamp, body);
}

function readScript(timestamp: number, body: Uint8Array): SourceMessage | null | Malformed {
  const values = decodeAmf0(body);
  // Some origins write tags of their own that are no AMF. They carry no media.
  if (values instanceof Malformed) return null;
  const [name, content] = values;
  if (name === "onMetaData" && isAmfObject(content)) return { kind: "metadata", properties: content };
  if (typeof name !== "string" || name.startsWith("@")) return null;
  return { kind: "data", timestamp, data: body };
}
