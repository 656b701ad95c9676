import assert from "node:assert/strict";
import { test } from "node:test";
import { browserOf, deviceProblem } from "./device-problem.ts";

const error = (name: string, message = "") => new DOMException(message, name);

test("an error of the browser becomes the problem that a person can do something about", () => {
  assert.equal(deviceProblem(error("NotAllowedError", "Permission denied")), "denied");
  assert.equal(deviceProblem(error("NotAllowedError", "Permission denied by system")), "denied-by-system");
  assert.equal(deviceProblem(error("NotAllowedError", "Permission denied"), "screen"), "cancelled");
  assert.equal(deviceProblem(error("NotFoundError")), "none");
  assert.equal(deviceProblem(error("OverconstrainedError")), "none");
  assert.equal(deviceProblem(error("NotReadableError")), "in-use");
  assert.equal(deviceProblem(new TypeError("no getDisplayMedia")), "unsupported");
  assert.equal(deviceProblem(null), "failed");
});

test("browsers are told apart where their settings are in different places", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  const safari =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
  assert.equal(browserOf(chrome), "chrome");
  assert.equal(browserOf(`${chrome} Edg/140.0.0.0`), "edge");
  assert.equal(browserOf(chrome.replace("X11; Linux x86_64", "Linux; Android 14; Pixel 8")), "chrome-phone");
  assert.equal(browserOf(`${chrome} MicroMessenger/8.0.50`), "wechat");
  assert.equal(browserOf(safari), "safari");
  assert.equal(browserOf(safari, 5), "safari-phone");
  assert.equal(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "firefox");
  assert.equal(browserOf("curl/8"), "other");
});
