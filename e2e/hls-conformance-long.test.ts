/**
 * Conformance of low-latency HLS while segments come and go. Runs alone: a client that is late is answered otherwise.
 * Only with --all, or by name.
 */
import { conform } from "./hls-conformance-streams.ts";
import { long } from "./long-tests.ts";

long("by the rules for half a minute, in which segments come and go", (t) => conform(t, 28));
