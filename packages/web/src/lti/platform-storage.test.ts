import assert from "node:assert/strict";
import { test } from "node:test";
import { getValue, type PlatformStorage, putValue } from "./platform-storage.ts";

const ORIGIN = "https://moodle.example";

/** A platform's window that answers from an origin. */
function storageOf(answerOrigin: string, answer: (request: Record<string, string>) => object): PlatformStorage {
  const own = new EventTarget();
  const window = {
    postMessage: (request: Record<string, string>) => {
      const event = Object.assign(new Event("message"), { data: answer(request), origin: answerOrigin });
      queueMicrotask(() => own.dispatchEvent(event));
    },
  };
  return { window, own, origin: ORIGIN } as unknown as PlatformStorage;
}

test("a value is stored and comes back, and only answers of the platform's origin to the question count", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const stored = new Map<string, string>();
  const answer = ({ subject = "", message_id = "", key = "", value = "" }: Record<string, string>) => {
    if (subject === "lti.put_data") stored.set(key, value);
    return { subject: `${subject}.response`, message_id, key, value: stored.get(key) };
  };
  const storage = storageOf(ORIGIN, answer);
  assert.equal(await putValue(storage, "flow", "secret"), true);
  assert.equal(await getValue(storage, "flow"), "secret");
  assert.equal(await getValue(storage, "another"), null);
  const wrong = [
    storageOf("https://evil.example", answer),
    storageOf(ORIGIN, (request) => ({ ...answer(request), message_id: "another" })),
    storageOf(ORIGIN, (request) => ({ ...answer(request), subject: "lti.capabilities.response" })),
    storageOf(ORIGIN, () => ({})),
  ];
  for (const each of wrong) {
    const value = getValue(each, "flow");
    await new Promise<void>((resolve) => queueMicrotask(resolve));
    t.mock.timers.tick(3000);
    assert.equal(await value, null);
  }
  assert.equal(
    await putValue(
      storageOf(ORIGIN, (request) => ({ ...answer(request), error: { code: "storage_exhaustion" } })),
      "k",
      "v",
    ),
    false,
  );
});
