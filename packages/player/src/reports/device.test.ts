import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDevice, describeNetwork } from "./device.ts";

test("devices are told apart by what they say of themselves", () => {
  const cases = [
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      0,
      "desktop Windows Chrome",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
      5,
      "phone iOS Safari",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
      5,
      "tablet iOS Safari",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
      0,
      "desktop macOS Safari",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
      5,
      "phone Android WeChat",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      5,
      "tablet Android Chrome",
    ],
    [
      "Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
      0,
      "tv Tizen Safari",
    ],
    ["", 0, "unknown undefined undefined"],
  ] as const;
  for (const [agent, touches, expected] of cases) {
    const { class: kind, os, browser } = describeDevice(agent, touches);
    assert.equal(`${kind} ${os} ${browser}`, expected, agent);
  }
});

test("a browser that says nothing of its network is of unknown network", () => {
  assert.deepEqual(describeNetwork(undefined), { type: "unknown" });
  assert.deepEqual(describeNetwork({ type: "cellular", downlink: 1.55, rtt: 150 }), {
    type: "cellular",
    downlinkKbps: 1550,
    rttMs: 150,
  });
  assert.deepEqual(describeNetwork({ type: "bluetooth", downlink: "fast" }), { type: "unknown" });
});
