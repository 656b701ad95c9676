import assert from "node:assert/strict";
import { test } from "node:test";
import { SoundAlone } from "./sound-alone.ts";

const track = (muted: boolean) => ({ muted }) as MediaStreamTrack;
const stream = (sound: readonly MediaStreamTrack[], pictures: readonly MediaStreamTrack[]) => ({
  getAudioTracks: () => [...sound],
  getVideoTracks: () => [...pictures],
});

test("sound is alone when no picture has come for a second after it", () => {
  const alone = new SoundAlone();
  const voice = track(false);
  assert.equal(alone.look(stream([track(true)], []), 5000), null, "nothing has come yet");
  assert.equal(alone.look(stream([voice], [track(true)]), 900), null);
  assert.deepEqual(alone.look(stream([voice], [track(true)]), 100), [voice]);
  assert.equal(alone.look(stream([voice], [track(false)]), 100), null, "the camera was turned on");
  assert.equal(alone.look(stream([voice], []), 900), null, "it counts again from there");
});
