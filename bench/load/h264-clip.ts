/** Provides the pictures of a clip: H.264 in FLV, as ffmpeg writes it, and as RTP payloads that all senders share. */
import { readFileSync } from "node:fs";
import { FlvReader, H264Packetizer, Malformed, type RtpPayload, TAG_TYPE } from "@lectern/media";

export type ClipVideo = {
  readonly ms: number;
  /** Of its FLV tag. */
  readonly body: Uint8Array;
  readonly payloads: readonly RtpPayload[];
};

/** @see configuration the body of the tag with the decoder's configuration */
export type H264Clip = { readonly pictures: readonly ClipVideo[]; readonly configuration: Uint8Array };

/** Adobe Video File Format 10.1, annex E.4.3: a configuration, frames and an end. */
const AVC_TAG = { configuration: 0, frame: 1, head: 5 } as const;

/** @throws Error where the file has something else */
export function readH264Clip(file: string): H264Clip {
  const packetizer = new H264Packetizer();
  const pictures: ClipVideo[] = [];
  let configuration: Uint8Array = Buffer.alloc(0);
  const onTag = ({ type, timestamp, body }: { type: number; timestamp: number; body: Uint8Array }): void => {
    if (type !== TAG_TYPE.video) return;
    const [first = 0, kind] = body;
    const payload = body.subarray(AVC_TAG.head);
    if (kind === AVC_TAG.configuration) {
      const refused = packetizer.configure(payload);
      if (refused) throw new Error(`the clip: ${refused.rule}`);
      configuration = body.slice();
    } else if (kind === AVC_TAG.frame) {
      const payloads = packetizer.packetize({ payload, key: first >> 4 === 1 });
      if (payloads instanceof Malformed) throw new Error(`the clip: ${payloads.rule}`);
      pictures.push({ ms: timestamp, body: body.slice(), payloads });
    }
  };
  new FlvReader({ maxTagBytes: 1 << 24, onTag }).push(readFileSync(file));
  return { pictures, configuration };
}
