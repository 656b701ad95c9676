/**
 * Conformance of low-latency HLS while segments come and go. Runs alone: a client that is late is answered otherwise.
 * Only by name: hls-conformance.test.ts has the same rules for fewer seconds.
 */
import { test } from "node:test";
import { conform } from "./hls-conformance-streams.ts";

test("by the rules for half a minute, in which segments come and go", (t) => conform(t, 28));
