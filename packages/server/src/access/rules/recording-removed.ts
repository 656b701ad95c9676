/** Refuses viewers whose permission to watch a recording has ended, whatever their links and sessions say. */
import { Refusal } from "../../platform/refusal.ts";
import { viewerSet } from "../credentials/viewer-set.ts";
import type { AccessRule } from "./rule.ts";

export const recordingRemoved: AccessRule = {
  name: "recording-removed",
  applies: ({ recording }) => recording !== null,
  decide: ({ recording, credentials }) =>
    recording && credentials.isAmong(viewerSet(recording.removed ?? [])) ? new Refusal("no-such-recording") : "pass",
};
