import assert from "node:assert/strict";
import { test } from "node:test";
import { StageMix } from "./stage-mix.ts";

/** A stream with tracks of these names. */
function stream(...names: readonly string[]): MediaStream {
  const tracks = names.map((name) => ({ name, kind: name.startsWith("v") ? "video" : "audio" }));
  return fromTracks(tracks as unknown as MediaStreamTrack[]);
}

function fromTracks(tracks: readonly MediaStreamTrack[]): MediaStream {
  const of = (kind: string) => () => tracks.filter((track) => track.kind === kind);
  return { getTracks: () => tracks, getAudioTracks: of("audio"), getVideoTracks: of("video") } as unknown as MediaStream;
}

function open() {
  const log: string[] = [];
  const nameOf = (one: MediaStream | null) =>
    one
      ? one
          .getTracks()
          .map((track) => (track as unknown as { name: string }).name)
          .join("+")
      : "none";
  const mix = new StageMix({
    newStream: fromTracks,
    mixAudio: () => ({
      stream: stream("a-mixed"),
      add: (one) => log.push(`add ${nameOf(one)}`),
      remove: (one) => log.push(`remove ${nameOf(one)}`),
      setGain: () => {},
      close: () => log.push("close sound"),
    }),
    composeStreams: ({ camera, screen }) => {
      log.push(`compose ${nameOf(camera)} on ${nameOf(screen)}`);
      return {
        stream: stream("v-composed"),
        setCorner: () => {},
        replace: (kind, one) => log.push(`${kind} ${nameOf(one)}`),
        close: () => log.push("close picture"),
      };
    },
  });
  let told = 0;
  mix.subscribe(() => told++);
  return { mix, log, told: () => told, output: () => nameOf(mix.snapshot().output) };
}

const member = (person: string, isShown: boolean, one = stream(`a-${person}`, `v-${person}`)) => ({ person, isShown, stream: one });

test("without people on stage, the teacher's stream is published as it is", () => {
  const { mix, log, output, told } = open();
  mix.setOwn(stream("a-own", "v-own"));
  mix.setMembers([]);
  assert.deepEqual([output(), log, told()], ["a-own+v-own", [], 1]);
});

test("the sound of those on stage is mixed, and the first camera is shown in a corner", () => {
  const { mix, log, output } = open();
  mix.setOwn(stream("a-own", "v-own"));
  const anna = member("anna", false);
  mix.setMembers([anna]);
  assert.equal(output(), "a-mixed+v-own");
  mix.setMembers([anna, member("ben", true)]);
  assert.equal(output(), "a-mixed+v-composed");
  assert.deepEqual(log, ["add a-own+v-own", "add a-anna+v-anna", "add a-ben+v-ben", "compose a-ben+v-ben on a-own+v-own"]);
});

test("who leaves is heard no more; with the last, the teacher's stream is there again", () => {
  const { mix, log, output } = open();
  mix.setOwn(stream("a-own", "v-own"));
  const [anna, ben] = [member("anna", true), member("ben", true)];
  mix.setMembers([anna, ben]);
  log.length = 0;
  mix.setMembers([ben]);
  assert.deepEqual(log, ["remove a-anna+v-anna", "camera a-ben+v-ben"]);
  mix.setMembers([]);
  assert.deepEqual([output(), log.slice(2)], ["a-own+v-own", ["close sound", "close picture"]]);
});

test("the published stream stays the same while only its sources change", () => {
  const { mix, told } = open();
  mix.setOwn(stream("a-own", "v-own"));
  mix.setMembers([member("anna", true)]);
  const before = [mix.snapshot().output, told()];
  mix.setMembers([member("ben", true), member("anna", true)]);
  assert.deepEqual([mix.snapshot().output, told()], before);
  mix.setOwn(stream("a-own2", "v-own2"));
  assert.equal(mix.snapshot().output, before[0]);
});
