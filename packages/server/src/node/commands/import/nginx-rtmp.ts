/** Says what the settings of nginx with the module nginx-rtmp become (https://github.com/arut/nginx-rtmp-module/wiki/Directives). */
import { type Dialect, publishingSystem } from "./apply-rules.ts";
import type { Directive } from "./directive.ts";
import { always, elsewhere, none, port, type Rule, readDuration, readPort, readSize, segmentsOf, silent } from "./rule.ts";

/** The places of a setting of the module: it may stand in any of these blocks. */
const LEVELS = ["rtmp", "rtmp.server", "rtmp.server.application"];
/** Events by the names that `callbacks.urls` has; the style of the requests is `nginx-rtmp`. */
const HOOKS = {
  on_connect: "on_connect",
  on_disconnect: "on_close",
  on_publish: "on_publish",
  on_publish_done: "on_unpublish",
  on_play: "on_play",
  on_play_done: "on_stop",
  on_record_done: "on_dvr",
} as const;
const OF_NGINX = "nginx can stay in front of Lectern, for your site and for HTTPS: https.md";

const anywhere = (rule: Rule): readonly Rule[] => LEVELS.map((level) => ({ ...rule, from: `${level}.${rule.from}` }));
const seconds = ({ values: [text = ""] }: Directive) => {
  const ms = readDuration(text, "s");
  return ms === null ? text : ms / 1000;
};
const ofModule: readonly Rule[] = [
  { from: "chunk_size", to: "rtmp.chunkSize" },
  { from: "max_connections", to: "limits.viewers" },
  { from: "hls_fragment", to: "hls.segmentSeconds", convert: seconds },
  { from: "hls_playlist_length", to: "hls.windowSegments", convert: segmentsOf("hls_fragment", 5) },
  {
    from: "record",
    to: "recording.auto",
    convert: ({ values }) => (values.some((one) => ["all", "video", "audio"].includes(one)) ? "pushed" : null),
  },
  { from: "record_interval", to: "recording.maxSegmentSeconds", convert: seconds },
  { from: "record_max_size", to: "recording.maxSegmentBytes", convert: ({ values: [text = ""] }) => readSize(text) ?? text },
  ...Object.entries(HOOKS).map(([hook, own]) => ({
    from: hook,
    to: `callbacks.urls.${own}`,
    convert: ({ values }: Directive) => values,
  })),
  none("on_done", "on_stop and on_unpublish tell it"),
  none("on_update", "nobody is asked again while they watch; a school ends a permission by the API: api.md"),
  none("notify_update_timeout", "nobody is asked again while they watch"),
  none("notify_method", "callbacks in the style of nginx-rtmp are forms sent by POST"),
  always("live", "each stream is live"),
  always("hls", "each stream is at /live/NAME.m3u8"),
  always("meta", "viewers get the publisher's onMetaData"),
  always("interleave", "sound and picture are in the order of their times"),
  always("wait_key", "viewers begin with a key frame"),
  always("wait_video", "viewers begin with a key frame"),
  always("gop_cache", "viewers begin with the newest key frame"),
  always("sync", "times are the publisher's, put right where they jump"),
  always("publish_notify", "players of RTMP are told when a stream begins and ends"),
  always("idle_streams", "a viewer may wait for a stream"),
  always("drop_idle_publisher", "another publisher may take over after publish.supersedeAfterSeconds"),
  always("play_restart", "a viewer stays while the encoder reconnects (publish.graceSeconds)"),
  always("buflen", "viewer.batchMs is the time between two writes"),
  always("out_queue", "viewer.maxQueueSeconds bounds what waits for a viewer"),
  always("out_cork", "viewer.batchMs is the time between two writes"),
  always("ack_window", "it follows the connection"),
  always("max_message", "messages are bounded"),
  always("max_streams", "one connection publishes or plays one stream"),
  always("ping", "connections that are silent are found by themselves"),
  always("ping_timeout", "connections that are silent are found by themselves"),
  always("timeout", "connections that are silent are found by themselves"),
  always("so_keepalive", "connections that are silent are found by themselves"),
  always("access_log", "the log tells of each publisher and viewer"),
  always("record_append", "a recording goes on after a short break of the publisher"),
  always("record_lock", "a file is in the list when it is complete"),
  always("hls_cleanup", "segments are in memory, and go by themselves"),
  always("hls_continuous", "numbers of segments go on after a break"),
  always("hls_sync", "times are the publisher's, put right where they jump"),
  always("hls_nested", "addresses of segments are Lectern's own"),
  elsewhere("push", "a forward is made in the studio or by the API: forwards.md"),
  elsewhere("push_reconnect", "a forward is tried again by itself: forwards.md"),
  elsewhere("pull", "a channel that is fetched is a source: sources.md"),
  elsewhere("pull_reconnect", "a source is tried again by itself: sources.md"),
  elsewhere("play", "a file or an address that is played as a channel is a source: sources.md"),
  elsewhere("allow", "addresses are rules: policies.md"),
  elsewhere("deny", "addresses are rules: policies.md"),
  elsewhere("record_path", "recordings are below dataDir, or in a bucket (storage.s3): recording.md"),
  elsewhere("hls_variant", "versions for slow lines are the ladder: ladder.md"),
  elsewhere("recorder", "there is one recording of a stream; lessons decide for themselves: recording.md", true),
  none("hls_path", "segments are in memory; a CDN fetches them: cdn.md"),
  none("hls_keys", "protected lessons are encrypted by themselves: policies.md"),
  none("hls_fragment_naming", "addresses of segments are Lectern's own"),
  none("hls_type", "a playlist is live; its recording is a replay: recording.md"),
  none("dash", "players use HLS, which has MP4 segments"),
  none("dash_path", "players use HLS, which has MP4 segments"),
  none("dash_fragment", "players use HLS, which has MP4 segments"),
  none("dash_playlist_length", "players use HLS, which has MP4 segments"),
  none("dash_nested", "players use HLS, which has MP4 segments"),
  none("record_suffix", "names of recordings are Lectern's own"),
  none("record_unique", "names of recordings are Lectern's own"),
  ...[
    "exec",
    "exec_push",
    "exec_pull",
    "exec_static",
    "exec_play",
    "exec_play_done",
    "exec_publish",
    "exec_publish_done",
    "exec_record_done",
    "respawn",
    "respawn_timeout",
    "exec_kill_signal",
  ].map((name) =>
    none(name, "ffmpeg for smaller versions is the ladder (ladder.md); events go out by callbacks and webhooks (callbacks.md)"),
  ),
];

const rules: readonly Rule[] = [
  { from: "rtmp.server.listen", to: "rtmp.port", convert: port },
  { from: "rtmp.server.application", to: "apps", convert: ({ values }) => values },
  ...ofModule.flatMap(anywhere),
  {
    from: "http.server.listen",
    to: "http.port",
    convert: ({ values }) => (values.includes("ssl") ? null : port80(values[0] ?? "")),
  },
  { from: "http.server.ssl_certificate", to: "http.tls", convert: tls },
  silent("http.server.ssl_certificate_key"),
  elsewhere("http.server.location", OF_NGINX, true),
  elsewhere("http.server.server_name", "http.publicUrl names the server where links are mailed"),
  none("include", "the included file is not read; give it to this command by itself"),
  ...[
    "worker_processes",
    "worker_rlimit_nofile",
    "user",
    "pid",
    "error_log",
    "load_module",
    "daemon",
    "events.worker_connections",
    "events.use",
    "events.multi_accept",
    "rtmp_auto_push",
    "rtmp_auto_push_reconnect",
    "rtmp_socket_dir",
  ].map((name) => none(name, "workers: auto uses the cores that are there; systemd or a container runs it: install.md")),
];

/** With the key that stands beside it. */
function tls({ values: [cert] }: Directive, siblings: readonly Directive[]): unknown {
  const listens = siblings.filter(({ name }) => name === "listen").map(({ values }) => values);
  const [own = "443"] = listens.find((values) => values.includes("ssl")) ?? [];
  return { cert, key: siblings.find(({ name }) => name === "ssl_certificate_key")?.values[0], port: readPort(own) };
}

/** nginx listens on port 80 where only an address stands. */
function port80(address: string): number {
  return readPort(address) ?? 80;
}

export const NGINX_RTMP: Dialect = {
  rules,
  isOff: () => false,
  ignores: (path) => /^(http|mail|stream)\./.test(path),
  also: style,
};

/** The requests of the callbacks look as nginx-rtmp's. */
function style(keys: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  const hasCallbacks = [...keys].some((key) => key.startsWith("callbacks.urls."));
  return { ...(hasCallbacks ? { "callbacks.style": "nginx-rtmp" } : {}), ...publishingSystem(keys) };
}
