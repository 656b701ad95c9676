import assert from "node:assert/strict";
import { test } from "node:test";
import { type Command, type FrameWindow, openMessages, readCommand, readOrigin } from "./frame-messages.ts";

const PAGE = "https://www.school.example";

/** A frame in a page, with what was posted to the page and a way to post to the frame. */
function framed() {
  const posted: [unknown, string][] = [];
  const parent = { postMessage: (message: unknown, origin: string) => void posted.push([message, origin]) };
  let hear: (event: MessageEvent) => void = () => {};
  const frame: FrameWindow = {
    parent,
    addEventListener: (_type, listener) => {
      hear = listener;
    },
  };
  const post = (data: unknown, { origin = PAGE, source = parent as unknown } = {}) =>
    hear(Object.assign(new Event("message"), { origin, source, data }) as MessageEvent);
  return { frame, posted, post };
}

test("a command of the named page counts; of another origin, of another window, or without its mark it does not", () => {
  const { frame, post } = framed();
  const followed: Command[] = [];
  openMessages(frame, PAGE, "math", (command) => followed.push(command));
  const pause = { target: "lectern", command: "pause" };
  post(pause, { origin: "https://www.school.example.evil.example" });
  post(pause, { source: {} });
  post({ command: "pause" });
  post("pause");
  post(null);
  assert.deepEqual(followed, []);
  post(pause);
  assert.deepEqual(followed, [{ kind: "pause" }]);
});

test("messages go to the named origin alone, and without one to nobody", () => {
  const { frame, posted } = framed();
  openMessages(frame, PAGE, "math", () => {}).send("state", { state: "live" });
  assert.deepEqual(posted, [[{ source: "lectern", version: 1, stream: "math", type: "state", state: "live" }, PAGE]]);
  const silent = framed();
  openMessages(silent.frame, null, "math", () => assert.fail("no command is followed")).send("state", {});
  silent.post({ target: "lectern", command: "pause" });
  assert.deepEqual(silent.posted, []);
});

test("an origin is one of http or https, and nothing more", () => {
  assert.equal(readOrigin("https://www.school.example"), PAGE);
  assert.equal(readOrigin("https://www.school.example/"), PAGE);
  assert.equal(readOrigin("http://localhost:8080"), "http://localhost:8080");
  for (const wrong of [
    null,
    "",
    "*",
    "null",
    "school.example",
    "https://www.school.example/page",
    "file:///a",
    "https://user@school.example",
  ])
    assert.equal(readOrigin(wrong), null, String(wrong));
});

test("each command has its fields, or is none", () => {
  const read = (fields: object) => readCommand({ target: "lectern", ...fields });
  assert.deepEqual(read({ command: "seek", behind: 30 }), { kind: "seek", behind: 30 });
  assert.deepEqual(read({ command: "seek", at: 1.7e12 }), { kind: "seek", at: 1.7e12 });
  assert.deepEqual(read({ command: "volume", volume: 0.5 }), { kind: "volume", volume: 0.5 });
  assert.deepEqual(read({ command: "quality", label: null }), { kind: "quality", label: null });
  assert.deepEqual(read({ command: "quality", label: "720p" }), { kind: "quality", label: "720p" });
  for (const odd of [
    { command: "seek" },
    { command: "seek", behind: Number.NaN },
    { command: "volume", volume: "1" },
    { command: "quality" },
    { command: "quality", label: 7 },
    { command: "reload" },
    {},
  ])
    assert.equal(read(odd), null, JSON.stringify(odd));
});
