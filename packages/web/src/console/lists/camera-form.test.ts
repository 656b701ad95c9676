import assert from "node:assert/strict";
import { test } from "node:test";
import type { CameraDevice } from "@lectern/client";
import { cameraBody, cameraFields } from "./camera-form.ts";

const device: CameraDevice = {
  id: "d",
  schoolId: null,
  code: "34020000001180000001",
  title: "Recorder",
  hasPassword: true,
  transport: "tcp-passive",
  enabled: true,
  online: false,
  host: null,
  model: null,
  channels: [],
  createdAt: "",
  version: 1,
};

test("the form of a device gives back the same device, and keeps a password that nobody has entered", () => {
  const fields = cameraFields(device, (key) => key);
  const values = Object.fromEntries(fields.map(({ name, value = "" }) => [name, value]));
  assert.deepEqual(Object.keys(values), ["title", "password", "transport"]);
  assert.deepEqual(cameraBody(values), { title: "Recorder", transport: "tcp-passive" });
  assert.equal(cameraBody({ ...values, password: "other" }).password, "other");
});

test("a new device needs its code, and begins with UDP, which every device knows", () => {
  const fields = cameraFields(null, (key) => key);
  assert.deepEqual(
    fields.filter(({ required }) => required).map(({ name, value }) => [name, value]),
    [
      ["title", ""],
      ["code", undefined],
      ["transport", "udp"],
    ],
  );
});
