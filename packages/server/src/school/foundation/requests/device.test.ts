/** What people read of a browser: the kind of device and its name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceInWords, deviceOf } from "./device.ts";

test("names the kind of device and the browser of common agents", () => {
  const agents: Readonly<Record<string, string>> = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36":
      "computer, Chrome",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0":
      "computer, Edge",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1":
      "phone, Safari",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0":
      "phone, WeChat",
    "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36": "tablet, Chrome",
    "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0": "computer, Firefox",
    "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0 TV Safari/537.36":
      "television, Chrome",
    "our-app/3": "other, other",
    "": "",
  };
  for (const [agent, device] of Object.entries(agents)) assert.equal(deviceOf(agent), device, agent);
});

test("says in English and Chinese what has signed in", () => {
  const phone =
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0";
  assert.deepEqual(deviceInWords(phone), ["WeChat on a phone", "手机上的 WeChat"]);
  assert.deepEqual(deviceInWords("curl/8.5"), ["a program that is not a known browser", "未知程序"]);
});
