import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnMedia, type OwnMediaOptions } from "./own-media.ts";

function track(kind: string) {
  return Object.assign(new EventTarget(), { kind, enabled: true, contentHint: "", stop: () => {} });
}

class Stream {
  private readonly tracks: readonly { readonly kind: string }[];
  constructor(tracks: readonly { readonly kind: string }[]) {
    this.tracks = tracks;
  }
  getTracks = () => this.tracks;
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === "audio");
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === "video");
}

test("a screen is never told of as a camera, not even for a moment: it would be published as one", async (t) => {
  Object.assign(globalThis, { MediaStream: Stream });
  t.after(() => Reflect.deleteProperty(globalThis, "MediaStream"));
  const screen = track("video");
  const devices = {
    getUserMedia: async ({ audio }: { readonly audio?: unknown }) => new Stream([track(audio ? "audio" : "video")]),
    getDisplayMedia: async () => new Stream([screen]),
  };
  const media = new OwnMedia({ media: devices as unknown as OwnMediaOptions["media"] });
  await media.setMicrophone(true);
  await media.setCamera(true);
  const told: boolean[] = [];
  media.subscribe(() => {
    const { stream, isSharing } = media.snapshot();
    told.push((stream as unknown as Stream).getTracks().includes(screen) === isSharing);
  });
  assert.equal(await media.shareScreen(() => {}), true);
  media.stopSharing();
  assert.ok(told.length >= 2 && told.every(Boolean), told.join());
});
