import assert from "node:assert/strict";
import { test } from "node:test";
import type { Source } from "@lectern/client";
import { addressesOf, keepsSecrets, sourceBody, sourceFields, sourceTarget } from "./source-form.ts";

const options = { t: (key: string) => key, lessons: [], cameras: [], addressHelp: () => "" };
const source: Source = {
  id: "s",
  schoolId: null,
  title: "Yard",
  lessonId: null,
  app: "live",
  name: "yard",
  state: null,
  createdAt: "",
  version: 3,
  addresses: ["rtsp://***@camera.example/stream", "rtmp://backup.example/live/yard"],
  start: "always",
  enabled: false,
};
const valuesOf = (fields: ReturnType<typeof sourceFields>) =>
  Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));

test("the form of a source gives back the same source, and does not ask what it is published as", () => {
  const fields = sourceFields(source, options);
  const { title, addresses, start, enabled } = source;
  assert.deepEqual(sourceBody(valuesOf(fields)), { title, addresses, start, enabled });
  assert.deepEqual(
    fields.map(({ name }) => name),
    ["title", "addresses", "start", "enabled"],
  );
});

test("a new source is a channel with a name, or the stream of a lesson", () => {
  const fields = sourceFields(null, options);
  const shown = (values: Readonly<Record<string, string>>) =>
    fields.filter(({ isShown }) => isShown?.(values) ?? true).map(({ name }) => name);
  const values = { ...valuesOf(fields), name: " yard ", lessonId: "lesson" };
  assert.deepEqual(shown(values), ["title", "publishAs", "name", "addresses", "start", "enabled"]);
  assert.deepEqual(sourceTarget(values), { name: "yard" });
  const ofLesson = { ...values, publishAs: "lesson" };
  assert.deepEqual(shown(ofLesson), ["title", "publishAs", "lessonId", "addresses", "start", "enabled"]);
  assert.deepEqual(sourceTarget(ofLesson), { lessonId: "lesson" });
  assert.deepEqual([sourceBody(values).start, sourceBody(values).enabled], ["demand", true]);
});

test("where cameras have registered, a new source is one of them, or has addresses", () => {
  const address = "gb28181://34020000001180000001/34020000001310000001";
  const fields = sourceFields(null, { ...options, cameras: [{ value: address, label: "Recorder: Room 1" }] });
  const shown = (values: Readonly<Record<string, string>>) =>
    fields.filter(({ isShown }) => isShown?.(values) ?? true).map(({ name }) => name);
  const values = { ...valuesOf(fields), title: "Room 1", name: "room-1", camera: address };
  assert.ok(shown(values).includes("addresses") && !shown(values).includes("camera"));
  const ofCamera = { ...values, from: "camera" };
  assert.ok(!shown(ofCamera).includes("addresses") && shown(ofCamera).includes("camera"));
  assert.deepEqual(sourceBody(ofCamera).addresses, [address]);
});

test("there is one address in a line, and empty lines are ignored", () => {
  assert.deepEqual(addressesOf(" rtmp://a.example/live/x\r\n\n\tsrt://b.example:9000 \n"), [
    "rtmp://a.example/live/x",
    "srt://b.example:9000",
  ]);
});

test("an edit can be undone while the server has the secrets of the addresses before it", () => {
  const [covered, open] = ["rtsp://***@camera.example/stream", "rtmp://a.example/live/x"];
  assert.ok(keepsSecrets({ addresses: [covered, open] }, { addresses: [covered] }));
  assert.ok(keepsSecrets({ addresses: [open] }, { addresses: [covered] }));
  assert.ok(!keepsSecrets({ addresses: [covered, open] }, { addresses: [open] }));
  assert.ok(keepsSecrets({ addresses: null }, { addresses: null }));
});
