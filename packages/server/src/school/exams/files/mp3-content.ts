/** Walks an MP3 file (MPEG audio layer III: ISO/IEC 11172-3 section 2.4.1, ISO/IEC 13818-3) to its last byte: frames behind each other, with ID3 tags around them. */

export type Mp3Content = { readonly type: "audio/mpeg"; readonly seconds: number };

const SYNC = 0x7ff;
const [MPEG_2_5, MPEG_2, MPEG_1] = [0, 2, 3];
const LAYER_III = 1;
/** kbit/s. Index 0 is the free format, which nobody writes. */
const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLES_PER_SECOND = [44_100, 48_000, 32_000];
/** ID3v2.4 section 3.1: the size is in four bytes of seven bits each. */
const ID3_HEAD = 10;
const ID3_FOOTER_FLAG = 0x10;
const ID3V1_BYTES = 128;
/** One frame may be by chance. */
const LEAST_FRAMES = 3;

export function mp3Content(file: Buffer): Mp3Content | null {
  let at = endOfPadding(file, endOfId3(file));
  const tag = file.length - ID3V1_BYTES;
  const end = tag > 0 && file.toString("latin1", tag, tag + 3) === "TAG" ? tag : file.length;
  let [frames, seconds] = [0, 0];
  while (at < end) {
    const frame = frameAt(file, at);
    if (!frame) break;
    frames++;
    seconds += frame.seconds;
    at += frame.bytes;
  }
  // Encoders fill up with zeros; nothing else may stand behind the end.
  const isWhole = at === end || (at < end && endOfPadding(file, at) >= end);
  return frames >= LEAST_FRAMES && isWhole ? { type: "audio/mpeg", seconds } : null;
}

function endOfId3(file: Buffer): number {
  if (file.toString("latin1", 0, 3) !== "ID3") return 0;
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + (file.readUInt8(at) & 0x7f), 0);
  return ID3_HEAD + size + (file.readUInt8(5) & ID3_FOOTER_FLAG ? ID3_HEAD : 0);
}

function endOfPadding(file: Buffer, from: number): number {
  let at = from;
  while (at < file.length && file[at] === 0) at++;
  return at;
}

function frameAt(file: Buffer, at: number): { readonly bytes: number; readonly seconds: number } | null {
  if (at + 4 > file.length) return null;
  const head = file.readUInt32BE(at);
  const [version, layer] = [(head >>> 19) & 3, (head >>> 17) & 3];
  if (head >>> 21 !== SYNC || layer !== LAYER_III || ![MPEG_2_5, MPEG_2, MPEG_1].includes(version)) return null;
  const isFirst = version === MPEG_1;
  const kilobits = (isFirst ? RATES_1 : RATES_2)[(head >>> 12) & 15] ?? 0;
  const full = SAMPLES_PER_SECOND[(head >>> 10) & 3];
  if (kilobits === 0 || full === undefined) return null;
  const rate = version === MPEG_1 ? full : version === MPEG_2 ? full / 2 : full / 4;
  const samples = isFirst ? 1152 : 576;
  const padding = (head >>> 9) & 1;
  return { bytes: Math.floor((samples / 8) * ((kilobits * 1000) / rate)) + padding, seconds: samples / rate };
}
