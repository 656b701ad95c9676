/**
 * Takes the sound out of the fragments of a stream whose sound cannot be decoded: fragments have sound and picture in one file, so that the decoder's error
 * would take the picture too. The boxes of the sound's track become free space of the same size (ISO/IEC 14496-12 section 8.1.2), and nothing moves.
 */
import type { LoaderCallbacks, LoaderConfiguration, LoaderContext } from "hls.js";
import type { HlsLibrary } from "./library.ts";

const HEADER_BYTES = 8;
/** Version, flags and the number before a handler's type: section 8.4.3. */
const BEFORE_HANDLER = 8;
/** Version and flags before the number of a track: sections 8.8.3 and 8.8.7. */
const BEFORE_TRACK = 4;
/** Where a `tkhd` of version 0 or 1 has the number of its track: section 8.3.2. */
const TRACK_AT = { short: 12, long: 20 } as const;
/** hls.js loads the key beside the first file. */
const KEY_WITHIN_MS = 3000;
const KEY_POLL_MS = 50;
const FREE = [0x66, 0x72, 0x65, 0x65];

type Box = { readonly type: string; readonly at: number; readonly end: number };

/** Renames the boxes of the sound in one file after the other. */
export class SoundRemover {
  private readonly sounds = new Set<number>();

  /** @param file an initialisation segment, a segment or a part, which is changed. Other bytes stay as they are, and so does sound alone. */
  remove(file: Uint8Array): void {
    const view = new DataView(file.buffer, file.byteOffset, file.length);
    for (const box of boxes(view, 0, view.byteLength)) {
      if (box.type === "moov") this.removeTracks(view, box);
      if (box.type !== "moof") continue;
      for (const traf of children(view, box, "traf")) if (this.sounds.has(numberIn(view, traf, "tfhd"))) free(view, traf.at);
    }
  }

  private removeTracks(view: DataView, moov: Box): void {
    const tracks = children(view, moov, "trak");
    const kinds = tracks.map((trak) => handlerOf(view, trak));
    this.sounds.clear();
    if (!kinds.includes("vide")) return;
    for (const [i, trak] of tracks.entries()) {
      if (kinds[i] !== "soun") continue;
      for (const header of children(view, trak, "tkhd")) this.sounds.add(trackOf(view, header));
      free(view, trak.at);
    }
    for (const { at } of children(view, moov, "mvex").flatMap((mvex) => children(view, mvex, "trex")))
      if (this.sounds.has(read32(view, at + HEADER_BYTES + BEFORE_TRACK))) free(view, at);
  }
}

/** A loader of hls.js whose files have no sound while it is left out. Encrypted ones are encrypted again, with their own key: hls.js knows no other files. */
export function loaderWithoutSound({ DefaultConfig }: HlsLibrary, isLeftOut: () => boolean) {
  const remover = new SoundRemover();
  return class extends DefaultConfig.loader {
    override load(context: LoaderContext, configuration: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      super.load(context, configuration, {
        ...callbacks,
        onSuccess: (response, stats, ...rest) => {
          const { data } = response;
          if (!isLeftOut() || !(data instanceof ArrayBuffer)) return callbacks.onSuccess(response, stats, ...rest);
          const fragment = "frag" in context ? context.frag : null;
          if (!isEncrypted(fragment)) {
            remover.remove(new Uint8Array(data));
            return callbacks.onSuccess(response, stats, ...rest);
          }
          void withoutSound(remover, data, fragment).then((changed) => {
            if (!stats.aborted) callbacks.onSuccess({ ...response, data: changed }, stats, ...rest);
          });
        },
      });
    }
  };
}

/** Of hls.js: the key is there when it has been loaded. */
type Encrypted = {
  readonly decryptdata: { readonly key: Uint8Array<ArrayBuffer> | null; readonly iv: Uint8Array<ArrayBuffer> | null };
};

function isEncrypted(fragment: unknown): fragment is Encrypted {
  const key = fieldOf(fragment, "decryptdata");
  return fieldOf(key, "method") === "AES-128";
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** RFC 8216 section 4.3.2.4. The bytes as they were where the key does not come, or the page may not decrypt: it is not secure. */
async function withoutSound(remover: SoundRemover, data: ArrayBuffer, { decryptdata }: Encrypted): Promise<ArrayBuffer> {
  for (let waited = 0; !decryptdata.key && waited < KEY_WITHIN_MS; waited += KEY_POLL_MS)
    await new Promise((resolve) => setTimeout(resolve, KEY_POLL_MS));
  const { key, iv } = decryptdata;
  if (!key || !iv || !("subtle" in crypto)) return data;
  try {
    const imported = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt", "encrypt"]);
    const plain = await crypto.subtle.decrypt({ name: "AES-CBC", iv }, imported, data);
    remover.remove(new Uint8Array(plain));
    return await crypto.subtle.encrypt({ name: "AES-CBC", iv }, imported, plain);
  } catch {
    return data;
  }
}

/** The boxes between two places, as far as their sizes make sense. */
function boxes(view: DataView, from: number, to: number): readonly Box[] {
  const found: Box[] = [];
  for (let at = from; at + HEADER_BYTES <= to; ) {
    const end = at + view.getUint32(at);
    if (end < at + HEADER_BYTES || end > to) break;
    found.push({ type: textAt(view, at + 4), at, end });
    at = end;
  }
  return found;
}

function children(view: DataView, { at, end }: Box, type: string): readonly Box[] {
  return boxes(view, at + HEADER_BYTES, end).filter((box) => box.type === type);
}

function handlerOf(view: DataView, trak: Box): string {
  const [handler] = children(view, trak, "mdia").flatMap((mdia) => children(view, mdia, "hdlr"));
  return handler ? textAt(view, handler.at + HEADER_BYTES + BEFORE_HANDLER) : "";
}

function trackOf(view: DataView, tkhd: Box): number {
  const isLong = read32(view, tkhd.at + HEADER_BYTES) >>> 24 === 1;
  return read32(view, tkhd.at + HEADER_BYTES + (isLong ? TRACK_AT.long : TRACK_AT.short));
}

function numberIn(view: DataView, box: Box, type: string): number {
  const [header] = children(view, box, type);
  return header ? read32(view, header.at + HEADER_BYTES + BEFORE_TRACK) : 0;
}

const read32 = (view: DataView, at: number): number => (at + 4 <= view.byteLength ? view.getUint32(at) : 0);

function textAt(view: DataView, at: number): string {
  const codes = [0, 1, 2, 3].map((i) => (at + i < view.byteLength ? view.getUint8(at + i) : 0));
  return String.fromCharCode(...codes);
}

function free(view: DataView, at: number): void {
  for (const [i, byte] of FREE.entries()) view.setUint8(at + 4 + i, byte);
}
