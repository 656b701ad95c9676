/** Provides a ladder that a machine of two cores makes beside Chromium, of a source of 360p. */

/** Those of `mobile`, half as large, and without the dearest: where it is made, a machine of two slow cores is late for all of them. */
export const SMALL_RUNGS = [
  { name: "180p", height: 180, videoKbps: 550 },
  { name: "saver", height: 180, videoKbps: 250, audioKbps: 32 },
  { name: "audio", height: null },
];

/** The server's settings for it. */
export const SMALL_LADDER = {
  "ladder.rungs": JSON.stringify(SMALL_RUNGS),
  "ladder.cores": "8",
  "ladder.start": "publish",
  "publish.graceSeconds": "1",
};
