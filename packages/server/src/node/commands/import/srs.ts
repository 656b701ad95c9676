/** Says what the settings of SRS become: those of its conf/full.conf, versions 2 to 7. */
import { type Dialect, publishingSystem } from "./apply-rules.ts";
import type { Directive } from "./directive.ts";
import { always, elsewhere, none, port, type Rule, readPort, segmentsOf, silent, valuesOf, wholeSeconds } from "./rule.ts";

/** Blocks that are off unless they say `enabled on`. */
const SWITCHED = new Set([
  ...["http_api", "http_server", "rtc_server", "srt_server", "rtmps", "stream_caster", "heartbeat", "exporter"],
  ...[
    "hls",
    "dvr",
    "hds",
    "dash",
    "forward",
    "ingest",
    "http_hooks",
    "security",
    "refer",
    "exec",
    "transcode",
    "http_remux",
    "bandcheck",
  ],
]);
const HOOKS = ["on_connect", "on_close", "on_publish", "on_unpublish", "on_play", "on_stop", "on_dvr"];
/** SRS takes 0 for as little as there may be; these are the least that Lectern takes. */
const LEAST_SRT_LATENCY_MS = 20;
const LEAST_BATCH_MS = 10;
const LOGS = "Lectern writes its log to stdout; systemd or the container keeps it, LECTERN_LOG_LEVEL says how much";
const DAEMON = "systemd or a container runs it: install.md";

const rules: readonly Rule[] = [
  { from: "listen", to: "rtmp.port", convert: port },
  { from: "rtmp.listen", to: "rtmp.port", convert: port },
  { from: "max_connections", to: "limits.viewers" },
  { from: "chunk_size", to: "rtmp.chunkSize" },
  { from: "rtmps.listen", to: "rtmp.tls", convert: (_, block) => tls(block, 443) },
  { from: "http_server.listen", to: "http.port", convert: port },
  {
    from: "http_server.https",
    to: "http.tls",
    isWhole: true,
    convert: ({ block }) => (isOn(block) ? tls(block ?? [], 8088) : null),
  },
  { from: "http_api.listen", is: "always", say: "the API is at /api/v1 of http.port, and asks for a key: api.md" },
  { from: "rtc_server.listen", to: "webrtc.port", convert: port },
  {
    from: "rtc_server.candidate",
    to: "webrtc.publicAddresses",
    convert: ({ values }) => (values.some((one) => one === "*" || one.startsWith("$")) ? null : values),
    otherwise: "the machine's own addresses are used; webrtc.publicAddresses names another, as behind NAT: webrtc.md",
  },
  { from: "srt_server.listen", to: "srt.port", convert: port },
  { from: "srt_server.latency", to: "srt.latencyMs", convert: atLeast(LEAST_SRT_LATENCY_MS) },
  { from: "srt_server.recvlatency", to: "srt.latencyMs", convert: atLeast(LEAST_SRT_LATENCY_MS) },
  { from: "srt_server.passphrase", to: "srt.passphrase", convert: ({ values: [text = ""] }) => text },
  {
    from: "stream_caster",
    to: "gb28181.port",
    isWhole: true,
    convert: ({ block }) => (valuesOf(block, "caster")[0] === "gb28181" ? 5060 : null),
    say: "cameras of GB/T 28181 also need gb28181.id and a password: gb28181.md; streams by MPEG-TS over UDP are sources: sources.md",
  },
  { from: "vhost.chunk_size", to: "rtmp.chunkSize" },
  { from: "vhost.play.mw_latency", to: "viewer.batchMs", convert: atLeast(LEAST_BATCH_MS) },
  { from: "vhost.mw_latency", to: "viewer.batchMs", convert: atLeast(LEAST_BATCH_MS) },
  { from: "vhost.play.queue_length", to: "viewer.maxQueueSeconds" },
  { from: "vhost.queue_length", to: "viewer.maxQueueSeconds" },
  { from: "vhost.hls.hls_fragment", to: "hls.segmentSeconds" },
  { from: "vhost.hls.hls_window", to: "hls.windowSegments", convert: segmentsOf("hls_fragment", 10) },
  { from: "vhost.dvr.enabled", to: "recording.auto", convert: ({ values: [text] }) => (text === "on" ? "pushed" : null) },
  { from: "vhost.dvr.dvr_duration", to: "recording.maxSegmentSeconds", convert: wholeSeconds() },
  ...HOOKS.map((hook) => ({
    from: `vhost.http_hooks.${hook}`,
    to: `callbacks.urls.${hook}`,
    convert: ({ values }: Directive) => values,
  })),
  { from: "vhost.transcode.engine", to: "ladder.rungs", isWhole: true, convert: rungOf },
  always("http_server.crossdomain", "players of other sites may play: embed.md"),
  always("http_api.crossdomain", "other sites reach the API with a key: api.md"),
  always("vhost.play.gop_cache", "viewers begin with the newest key frame"),
  always("vhost.gop_cache", "viewers begin with the newest key frame"),
  always("vhost.min_latency", "?delay=low asks for it, viewer by viewer"),
  always("vhost.tcp_nodelay", "it is on"),
  always("vhost.http_remux.mount", "each stream is at /live/NAME.flv, .m3u8 and /whep"),
  always("vhost.http_remux.enabled", "each stream is at /live/NAME.flv, .m3u8 and /whep"),
  always("vhost.rtc.rtmp_to_rtc", "each stream is at /live/NAME/whep; sound becomes Opus where it has to"),
  always("vhost.rtc.rtc_to_rtmp", "what WHIP publishes is watched by every protocol"),
  always("vhost.rtc.bframe", "frames are put in order for WebRTC, or a rung without B-frames is made: webrtc.md"),
  always("vhost.rtc.keep_bframe", "frames are put in order for WebRTC, or a rung without B-frames is made: webrtc.md"),
  always("vhost.publish.mr", "Lectern has other batches: performance.md"),
  always("vhost.publish.mr_latency", "Lectern has other batches: performance.md"),
  always("vhost.publish.kickoff_for_idle", "channels on demand end by themselves: sources.idleSeconds"),
  always("vhost.hls.hls_dispose", "a stream that ends is gone; its recording stays"),
  always("vhost.dvr.dvr_plan", "a recording is one in the list, in files of recording.maxSegmentSeconds"),
  always("exporter.listen", "Prometheus reads /metrics of http.port: monitoring.md"),
  { ...always("stats", "the console and /metrics say what the machine does: monitoring.md"), isWhole: true },
  always("vhost.srt.srt_to_rtmp", "what SRT publishes is watched by every protocol"),
  elsewhere("include", "one file is read: import each that it includes, too"),
  elsewhere("vhost.security", "addresses are rules: policies.md", true),
  elsewhere("vhost.refer", "sites that may play are rules: policies.md", true),
  elsewhere("vhost.forward", "a forward is made in the studio or by the API: forwards.md", true),
  elsewhere("vhost.ingest", "a channel that is fetched is a source: sources.md", true),
  elsewhere("vhost.cluster", "nodes find each other by NATS: cluster.md", true),
  elsewhere("vhost.mode", "nodes find each other by NATS: cluster.md"),
  elsewhere("vhost.origin", "nodes find each other by NATS: cluster.md"),
  elsewhere("vhost.dvr.dvr_path", "recordings are below dataDir, or in a bucket (storage.s3): recording.md"),
  elsewhere("http_api.auth", "the API asks for a key: api.md", true),
  elsewhere("http_api.raw_api", "changes go by the API: api.md", true),
  elsewhere("tencentcloud_apm", "traces go out by OTLP (tracing.endpoint): monitoring.md", true),
  elsewhere("tencentcloud_cls", LOGS, true),
  elsewhere("heartbeat", "alarms and webhooks tell what is wrong: monitoring.md", true),
  none("vhost.hds", "no player needs HDS any more", true),
  none("vhost.dash", "players use HLS, which has MP4 segments", true),
  none("vhost.exec", "events go out by callbacks and webhooks, not by commands: callbacks.md", true),
  none("vhost.bandcheck", "the uplink's health is measured while a stream runs: monitoring.md", true),
  none("vhost.http_hooks.on_hls", "segments are not told one by one; on_dvr tells files of recordings"),
  none("vhost.http_hooks.on_hls_notify", "segments are not told one by one; on_dvr tells files of recordings"),
  none("vhost.dvr.dvr_apply", "recording.auto is for all streams; lessons decide for themselves"),
  none("vhost.hls.hls_path", "segments are in memory; a CDN fetches them: cdn.md"),
  none("http_server.dir", "Lectern serves its own pages; yours stay with your web server: embed.md"),
  none("vhost.atc", "times are the publisher's, put right where they jump"),
  ...[
    "pid",
    "in_docker",
    "daemon",
    "work_dir",
    "asprocess",
    "inotify_auto_reload",
    "disable_daemon_for_docker",
    "auto_reload_for_docker",
  ].map((name) => none(name, DAEMON)),
  ...["log_dir", "srs_log_tank", "srs_log_level", "srs_log_level_v2", "srs_log_file", "ff_log_dir", "ff_log_level", "utc_time"].map(
    (name) => none(name, LOGS),
  ),
  none("threads", "workers: auto uses the cores that are there", true),
  none("grace_start_wait", "a stop drains for drainSeconds"),
  none("grace_final_wait", "a stop drains for drainSeconds"),
  none("force_grace_quit", "a stop drains for drainSeconds"),
  none("server_id", "cluster.node.id is made by itself"),
  none("vhost.enabled", "Lectern has no virtual hosts: all streams share apps and names"),
  ...[
    "http_api",
    "http_server",
    "rtc_server",
    "srt_server",
    "rtmps",
    "exporter",
    "rtmp",
    "vhost.rtc",
    "vhost.hls",
    "vhost.http_hooks",
    "vhost.transcode",
    "vhost.srt",
  ].map((block) => silent(`${block}.enabled`)),
  silent("vhost.transcode.ffmpeg"),
];

/** Characters of a rung's name, which has no others than letters and digits. */
const LONGEST_RUNG = 16;

/** One height and bitrate of an encoder, as a rung; an engine that is off, or that keeps the picture, is none. */
function rungOf({ values: [name = "rung"], block }: Directive): unknown {
  const height = Number(valuesOf(block, "vheight")[0]);
  const videoKbps = Number(valuesOf(block, "vbitrate")[0]);
  if (!isOn(block) || !(height > 0) || !(videoKbps > 0)) return null;
  return [
    {
      name:
        name
          .toLowerCase()
          .replace(/[^a-z0-9]/g, "")
          .slice(0, LONGEST_RUNG) || "rung",
      height,
      videoKbps,
    },
  ];
}

function atLeast(least: number): (directive: Directive) => unknown {
  return ({ values: [text] }) => (Number.isFinite(Number(text)) ? Math.max(least, Number(text)) : text);
}

function tls(block: readonly Directive[], defaultPort: number): unknown {
  const [listen = String(defaultPort)] = valuesOf(block, "listen");
  return { cert: valuesOf(block, "cert")[0], key: valuesOf(block, "key")[0], port: readPort(listen) };
}

function isOn(block: readonly Directive[] | null): boolean {
  return valuesOf(block, "enabled")[0] === "on";
}

/** Beginnings of settings that need no rule of their own. */
const FAMILIES: readonly (readonly [beginning: RegExp, say: string])[] = [
  [/^(rtc_server|vhost\.rtc)\./, "WebRTC: webrtc.md has the settings that there are"],
  [/^(srt_server|vhost\.srt)\./, "SRT: srt.md has the settings that there are"],
  [/^vhost\.(publish|play)\./, "Lectern adapts to each publisher and viewer: performance.md"],
  [/^(http_stream|vhost\.http_remux)\./, "each stream is at /live/NAME.flv, .m3u8 and /whep"],
  [/^vhost\.(hls|dvr|http_static|http)\./, "HLS and recordings: cdn.md, recording.md"],
  [
    /^(http_api|http_server|circuit_breaker|exporter|query_latest_version)/,
    "the console, the API and /metrics are at http.port: monitoring.md",
  ],
];

export const SRS: Dialect = {
  rules,
  familyOf: (path) => FAMILIES.find(([beginning]) => beginning.test(path))?.[1] ?? null,
  also: publishingSystem,
  isOff: ({ name, block }) => {
    const [enabled] = valuesOf(block, "enabled");
    return enabled === undefined ? SWITCHED.has(name) : enabled === "off";
  },
};
