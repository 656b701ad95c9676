import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { loadConfig } from "../../../platform/config/load.ts";
import { readDirectives, UnreadableConfig } from "./directive.ts";
import { documentedKeys, read, type ServerName, yamlOf } from "./import-config.ts";

const SRS = `listen 1935 19350; max_connections 1000; daemon off;
http_server { enabled on; listen 8080; https { enabled on; listen 8443; key ./server.key; cert ./server.crt; } }
rtc_server { enabled on; listen 8000; candidate $CANDIDATE; }
srt_server { enabled on; listen 10080; latency 120; }
rtmps { enabled on; listen 443; key a.key; cert a.crt; }
vhost __defaultVhost__ {
    hls { enabled on; hls_fragment 2; hls_window 20; hls_path ./html; }
    dvr { enabled off; dvr_duration 30; }
    http_hooks { enabled on; on_publish http://127.0.0.1:8085/a http://127.0.0.1:8085/b; on_hls http://127.0.0.1/h; }
    play { mw_latency 100; }
    transcode { enabled on; ffmpeg ./ffmpeg; engine hd { enabled on; vbitrate 1500; vheight 720; } engine no { enabled off; vbitrate 1; vheight 2; } }
    forward { enabled on; destination 192.168.1.6:1935; }
    surprise on;
}`;
const NGINX = `user nginx; events { worker_connections 1024; }
rtmp { server { listen 1935; chunk_size 4096;
  application live { live on; record all; record_max_size 500M; record_interval 30m; hls on; hls_fragment 3s; hls_playlist_length 60s;
    on_publish http://localhost/auth; on_play_done http://localhost/done; push rtmp://a.example/live2/key;
    exec ffmpeg -i rtmp://localhost/live/$name -f flv rtmp://localhost/hls/\${name}_low; }
  application vod { play /var/flvs; } } }
http { include mime.types; server { listen 80; location / { return 301 https://x.example; } } server { listen 443 ssl; ssl_certificate /a.pem; ssl_certificate_key "/a key.pem"; } }`;
const MEDIAMTX = `rtmpAddress: :1935
rtmpEncryption: "optional"
rtmpsAddress: :1936
rtmpServerKey: server.key
rtmpServerCert: server.crt
hlsAddress: :8888
hlsSegmentDuration: 1s
hlsPartDuration: 200ms
webrtcLocalUDPAddress: :8189
webrtcAdditionalHosts: [203.0.113.5]
srt: no
srtAddress: :8890
authInternalUsers:
- { user: any, pass: , permissions: [{ action: read }] }
- { user: teacher, pass: s3cret-of-math, permissions: [{ action: publish, path: math }, { action: publish, path: "~^x" }] }
pathDefaults: { record: yes, recordSegmentDuration: 1h, recordDeleteAfter: 36h }
paths: { cam1: { source: "rtsp://10.1.1.1/x" } }
`;

/** What a server would run with: the printed file, read as any other. */
function configOf(server: ServerName, content: string) {
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  try {
    const file = join(folder, "lectern.yaml");
    writeFileSync(file, yamlOf(read(server, content)));
    return loadConfig({ file, env: {}, set: [] });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function saidOf(server: ServerName, content: string, from: string) {
  return read(server, content).findings.find((one) => one.from === from);
}

test("a configuration of SRS becomes one of Lectern", () => {
  const config = configOf("srs", SRS);
  assert.equal(config.rtmp.port, 1935);
  assert.deepEqual(config.rtmp.tls, { cert: "a.crt", key: "a.key", port: 443 });
  assert.equal(config.http.port, 8080);
  assert.deepEqual(config.http.tls, { cert: "./server.crt", key: "./server.key", port: 8443, redirect: false });
  assert.equal(config.webrtc.port, 8000);
  assert.deepEqual(config.webrtc.publicAddresses, []);
  assert.equal(config.srt.latencyMs, 120);
  assert.equal(config.hls.windowSegments, 10);
  assert.equal(config.recording.auto, "none");
  assert.deepEqual(config.callbacks.urls.on_publish, ["http://127.0.0.1:8085/a", "http://127.0.0.1:8085/b"]);
  assert.equal(config.publish.allow, "any", "the school's own system decides who publishes");
  assert.deepEqual(config.ladder.rungs, [{ name: "hd", height: 720, videoKbps: 1500, audioKbps: null }]);
});

test("values that SRS takes and Lectern does not become the nearest, and files that are included are named", () => {
  const { settings, findings } = read(
    "srs",
    "include b.conf; srt_server { enabled on; latency 0; } vhost a { play { mw_latency 0; } transcode { enabled on; engine HD_hls { enabled on; vbitrate 800; vheight 480; } } }",
  );
  assert.deepEqual(
    settings.map(({ key, value }) => [key, value]),
    [
      ["srt.latencyMs", 20],
      ["viewer.batchMs", 10],
      ["ladder.rungs", [{ name: "hdhls", height: 480, videoKbps: 800 }]],
    ],
  );
  assert.equal(findings.find(({ from }) => from === "include")?.is, "elsewhere");
});

test("what has no counterpart is named with its line and the reason", () => {
  assert.deepEqual(saidOf("srs", SRS, "vhost.forward"), {
    line: 12,
    from: "vhost.forward",
    is: "elsewhere",
    say: "a forward is made in the studio or by the API: forwards.md",
  });
  assert.equal(saidOf("srs", SRS, "vhost.surprise")?.is, "unknown");
  assert.equal(saidOf("srs", SRS, "vhost.dvr.dvr_duration"), undefined, "of a part that is switched off");
});

test("a value that Lectern refuses is named and left out", () => {
  const { settings, findings } = read("srs", "listen 99999;");
  assert.deepEqual(settings, []);
  assert.equal(findings[0]?.is, "refused");
});

test("two different values of one key: the first counts, and the other is named", () => {
  const { settings, findings } = read("srs", "listen 1935;\nchunk_size 4096;\nvhost a { chunk_size 60000; }");
  assert.equal(settings.find(({ key }) => key === "rtmp.chunkSize")?.value, 4096);
  assert.deepEqual(
    findings.map(({ is, line }) => [is, line]),
    [["repeated", 3]],
  );
});

test("a configuration of nginx-rtmp becomes one of Lectern", () => {
  const config = configOf("nginx-rtmp", NGINX);
  assert.deepEqual(config.apps, ["live", "vod"]);
  assert.equal(config.hls.windowSegments, 20);
  assert.equal(config.recording.auto, "pushed");
  assert.equal(config.recording.maxSegmentSeconds, 1800);
  assert.equal(config.recording.maxSegmentBytes, 500 * 2 ** 20);
  assert.equal(config.callbacks.style, "nginx-rtmp");
  assert.deepEqual(config.callbacks.urls.on_stop, ["http://localhost/done"]);
  assert.equal(config.http.port, 80);
  assert.deepEqual(config.http.tls, { cert: "/a.pem", key: "/a key.pem", port: 443, redirect: false });
  assert.equal(saidOf("nginx-rtmp", NGINX, "rtmp.server.application.exec")?.is, "none");
});

test("a configuration of MediaMTX becomes one of Lectern", () => {
  const config = configOf("mediamtx", MEDIAMTX);
  assert.deepEqual(config.rtmp.tls, { cert: "server.crt", key: "server.key", port: 1936 });
  assert.equal(config.hls.segmentSeconds, 1);
  assert.equal(config.hls.partMs, 200);
  assert.equal(config.srt.port, 0, "SRT is switched off there");
  assert.deepEqual(config.webrtc.publicAddresses, ["203.0.113.5"]);
  assert.deepEqual(config.publish.keys, { "live/math": "s3cret-of-math" });
  assert.equal(config.recording.retainDays, 2);
  assert.equal(saidOf("mediamtx", MEDIAMTX, "paths")?.is, "elsewhere");
});

test("a file that cannot be read names the line", () => {
  for (const [content, line] of [
    ["listen 1935", 1],
    ["a;\nb {\n c;", 2],
    ["a;\n}", 2],
    ['a;\nb "never ends;', 2],
    ["{ a; }", 1],
  ] as const)
    assert.throws(
      () => readDirectives(content),
      (error) => error instanceof UnreadableConfig && error.message.startsWith(`line ${line}:`),
    );
});

test("any bytes are read, or refused in words", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab {};\"'\\#$\n") }), (content) => {
      try {
        readDirectives(content);
      } catch (error) {
        assert.ok(error instanceof UnreadableConfig, String(error));
      }
    }),
  );
});

test("docs/coming-from.md has the tables of the rules", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../../../docs/coming-from.md"), "utf8");
  for (const server of ["srs", "nginx-rtmp", "mediamtx"] as const)
    for (const [key, names] of documentedKeys(server)) {
      const row = `| ${names.map((name) => `\`${name}\``).join(", ")} | \`${key}\` |`;
      assert.ok(page.includes(row), `${server}: ${row}`);
    }
});
