/** Makes the one stream that is published out of camera, screen and microphone. */
import { composeStreams, mixAudio } from "@lectern/publisher";
import type { CornerName, SourceKind } from "../devices/remembered.ts";
import { openPlaceholder } from "./placeholder.ts";

export type OutputParts = {
  readonly source: SourceKind;
  readonly corner: CornerName;
  /** Null while it is switched off, or there is none. */
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  readonly microphone: MediaStream | null;
  /** Stands in the picture while the camera is off. */
  readonly placeholder: string;
};

export type Output = {
  /** The stream of these parts; the same one as before while its tracks are the same. Null: there is nothing to publish. */
  readonly update: (parts: OutputParts) => MediaStream | null;
  /** Does not stop the tracks of the parts. */
  readonly close: () => void;
};

type Made = {
  /** What it is made of: another one is made of something else. */
  readonly key: readonly unknown[];
  readonly stream: MediaStream;
  readonly update?: (parts: OutputParts) => void;
  readonly close: () => void;
};

export function createOutput(): Output {
  let picture: Made | null = null;
  let sound: Made | null = null;
  let stream: MediaStream | null = null;
  /** Keeps what was made while it is made of the same. */
  const renew = (before: Made | null, key: readonly unknown[], make: (() => Omit<Made, "key">) | null): Made | null => {
    if (before !== null && make !== null && before.key.length === key.length && before.key.every((one, i) => one === key[i]))
      return before;
    before?.close();
    return make === null ? null : { key, ...make() };
  };
  return {
    update: (parts) => {
      const screen = parts.source === "screen" || parts.source === "both" ? parts.screen : null;
      picture = renewPicture(renew, picture, parts, screen);
      picture?.update?.(parts);
      sound = renewSound(renew, sound, parts.microphone, screen);
      const tracks = [...(picture?.stream.getVideoTracks() ?? []), ...(sound?.stream.getAudioTracks() ?? [])];
      if (tracks.length === 0) stream = null;
      else if (!stream || !hasTracks(stream, tracks)) stream = new MediaStream(tracks);
      return stream;
    },
    close: () => {
      picture?.close();
      sound?.close();
      picture = null;
      sound = null;
      stream = null;
    },
  };
}

type Renew = (before: Made | null, key: readonly unknown[], make: (() => Omit<Made, "key">) | null) => Made | null;

function renewPicture(renew: Renew, before: Made | null, parts: OutputParts, screen: MediaStream | null): Made | null {
  const { source, camera, placeholder } = parts;
  if (source === "sound") return renew(before, [], null);
  // The same track shows the screen with the camera, without it, and in another corner.
  if (source === "both" && screen) return renew(before, ["both", screen], () => compose(parts));
  const alone = screen ?? camera;
  if (alone && alone.getVideoTracks().length > 0) return renew(before, [alone], () => ({ stream: alone, close: () => {} }));
  return renew(before, ["placeholder", placeholder], () => openPlaceholder(placeholder));
}

function compose({ camera, screen, corner }: OutputParts): Omit<Made, "key"> {
  const composed = composeStreams({ camera, screen, corner });
  let shown = { camera, corner };
  return {
    stream: composed.stream,
    close: composed.close,
    update: (parts) => {
      if (parts.camera !== shown.camera) composed.replace("camera", parts.camera);
      if (parts.corner !== shown.corner) composed.setCorner(parts.corner);
      shown = parts;
    },
  };
}

function renewSound(renew: Renew, before: Made | null, microphone: MediaStream | null, screen: MediaStream | null): Made | null {
  const streams = [microphone, screen].filter((one): one is MediaStream => (one?.getAudioTracks().length ?? 0) > 0);
  const [only] = streams;
  if (!only) return renew(before, [], null);
  if (streams.length === 1) return renew(before, [only], () => ({ stream: only, close: () => {} }));
  return renew(before, streams, () => mixAudio(streams));
}

function hasTracks(stream: MediaStream, tracks: readonly MediaStreamTrack[]): boolean {
  const own = stream.getTracks();
  return own.length === tracks.length && tracks.every((track) => own.includes(track));
}
