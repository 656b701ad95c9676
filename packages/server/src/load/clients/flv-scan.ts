/**
 * Reads the heads of FLV tags as bytes come, and skips their bodies: what a viewer has to know of a stream, without a copy and without an object for
 * each tag. Adobe Video File Format 10.1, annex E.4; Enhanced RTMP v2 for other codecs.
 */
const FILE_HEAD = 9 + 4;
const TAG_HEAD = 11;
const TAG_SIZE = 4;
/** The head and the two bytes of a video tag that say what it is. */
const WANTED = TAG_HEAD + 2;
const AUDIO = 8;
const VIDEO = 9;
const KEY = 1;
const AVC_FRAME = 1;
/** Enhanced RTMP: the packet types that are frames. */
const EX_FRAMES: readonly number[] = [1, 3];

export class FlvScan {
  private skip = FILE_HEAD;
  private readonly head = new Uint8Array(WANTED);
  private filled = 0;
  private wanted = WANTED;
  private readonly onFrame: (timestamp: number, isVideo: boolean, isKey: boolean) => void;

  /** @param onFrame called for each frame of sound or video when its head has come; decoder configurations are none */
  constructor(onFrame: (timestamp: number, isVideo: boolean, isKey: boolean) => void) {
    this.onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      if (this.skip > 0) {
        const step = Math.min(this.skip, length - at);
        this.skip -= step;
        at += step;
        continue;
      }
      this.head[this.filled++] = bytes[at++] ?? 0;
      if (this.filled === TAG_HEAD) this.wanted = TAG_HEAD + Math.min(2, this.size);
      if (this.filled >= TAG_HEAD && this.filled === this.wanted) this.tag();
    }
  }

  private get size(): number {
    const { head } = this;
    return ((head[1] ?? 0) << 16) | ((head[2] ?? 0) << 8) | (head[3] ?? 0);
  }

  private tag(): void {
    const { head } = this;
    const type = (head[0] ?? 0) & 0x1f;
    const timestamp = (((head[7] ?? 0) << 24) | ((head[4] ?? 0) << 16) | ((head[5] ?? 0) << 8) | (head[6] ?? 0)) >>> 0;
    const first = head[TAG_HEAD] ?? 0;
    const second = head[TAG_HEAD + 1] ?? 0;
    this.skip = this.size - (this.wanted - TAG_HEAD) + TAG_SIZE;
    this.filled = 0;
    this.wanted = WANTED;
    if (type === AUDIO) this.onFrame(timestamp, false, false);
    else if (type === VIDEO && isFrame(first, second)) this.onFrame(timestamp, true, ((first >> 4) & 7) === KEY);
  }
}

function isFrame(first: number, second: number): boolean {
  const isEnhanced = (first & 0x80) !== 0;
  return isEnhanced ? EX_FRAMES.includes(first & 0x0f) : second === AVC_FRAME;
}
