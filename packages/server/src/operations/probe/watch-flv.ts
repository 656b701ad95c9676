/** Watches HTTP-FLV: frames as they arrive, and their bytes for the decoder. */
import { FlvReader, Malformed, parseAudioTag, parseVideoTag, TAG_TYPE } from "@lectern/media";
import type { Exchange } from "./http-exchange.ts";
import type { Stop, Watch } from "./watch.ts";

const MAX_TAG_BYTES = 16 * 1024 * 1024;
const FILE_HEADER_SIZE = 9;
/** Adobe Video File Format 10.1, annex E.2: the flag of video, in the fifth byte. */
const FLAGS_AT = 4;
const HAS_VIDEO = 1;
const PLAIN_H264 = "avc1";

/** Null: it went on until the time was over. */
export async function watchFlv({ body }: Exchange, watch: Watch): Promise<Stop | null> {
  const { clock, playback } = watch;
  let broken: string | null = null;
  const reader = new FlvReader({
    maxTagBytes: MAX_TAG_BYTES,
    onTag: ({ type, timestamp, body: tag }) => {
      if (type === TAG_TYPE.script) return;
      const packet = type === TAG_TYPE.video ? parseVideoTag(tag) : parseAudioTag(tag);
      if (packet instanceof Malformed) broken ??= packet.rule;
      else if (packet.kind === "other") return;
      else if (type === TAG_TYPE.video && packet.codec !== PLAIN_H264) watch.decodable = false;
      if (packet instanceof Malformed || packet.kind !== "frame" || (type !== TAG_TYPE.video) === watch.hasVideo) return;
      // Pictures before the first key frame cannot be shown.
      if (!playback.playing && "key" in packet && !packet.key) return;
      watch.begun();
      playback.frame(clock.now(), timestamp);
    },
  });
  let head = Buffer.alloc(0);
  try {
    for await (const piece of body.iterator({ destroyOnReturn: true })) {
      if (watch.signal.aborted) return null;
      watch.bytes += piece.length;
      if (head.length < FILE_HEADER_SIZE) {
        head = Buffer.concat([head, piece]);
        if (head.length < FILE_HEADER_SIZE) continue;
        watch.hasVideo = ((head[FLAGS_AT] ?? 0) & HAS_VIDEO) !== 0;
        watch.decode(head);
        broken ??= reader.push(head)?.rule ?? null;
      } else {
        watch.decode(piece);
        broken ??= reader.push(piece)?.rule ?? null;
      }
      if (broken !== null) return { code: "no-media", detail: `This is not FLV: ${broken}.` };
    }
  } catch (error) {
    if (watch.signal.aborted) return null;
    const detail = `The connection was lost: ${error instanceof Error ? error.message : error}.`;
    return { code: "ended", detail };
  }
  return watch.signal.aborted ? null : { code: "ended", detail: "The server ended the stream." };
}
