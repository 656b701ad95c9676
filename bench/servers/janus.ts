/** Starts Janus with its streaming plugin, which sends a stream of RTP to WebRTC viewers: Debian's package `janus`. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, pause, SERVER_CORE, start } from "../testbed/child-process.ts";

export type JanusRunning = {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Its interface for viewers. */
  readonly url: string;
  /** Takes the picture by RTP. */
  readonly rtpPort: number;
};

const PLUGINS = "/usr/lib/x86_64-linux-gnu/janus";

/** One event loop: with one for each viewer, as is its default, the threads of one core would be in each other's way. */
export async function startJanus(): Promise<JanusRunning> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-bench-janus-"));
  const [http, rtp] = [await freePort(), await freePort()];
  const files = {
    "janus.jcfg": `general: {
      configs_folder = "${directory}"
      plugins_folder = "${PLUGINS}/plugins"
      transports_folder = "${PLUGINS}/transports"
      events_folder = "${PLUGINS}/events"
      loggers_folder = "${PLUGINS}/loggers"
      session_timeout = 0
      debug_level = 2
      event_loops = 1
      server_name = "bench"
    }
    media: { rtp_port_range = "20000-40000" }
    plugins: { disable = "libjanus_audiobridge.so,libjanus_echotest.so,libjanus_nosip.so,libjanus_recordplay.so,libjanus_sip.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_videoroom.so,libjanus_voicemail.so,libjanus_lua.so,libjanus_duktape.so" }
    transports: { disable = "libjanus_pfunix.so,libjanus_websockets.so,libjanus_rabbitmq.so,libjanus_mqtt.so,libjanus_nanomsg.so" }`,
    "janus.transport.http.jcfg": `general: {
      json = "compact"
      base_path = "/janus"
      http = true
      port = ${http}
      https = false
    }
    admin: { admin_http = false }`,
    "janus.plugin.streaming.jcfg": `picture: {
      type = "rtp"
      id = 1
      media = ({
        type = "video"
        mid = "v"
        port = ${rtp}
        pt = 96
        codec = "h264"
        fmtp = "profile-level-id=42e01f;packetization-mode=1"
      })
    }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  const child = start(["janus", "-F", directory, "-C", join(directory, "janus.jcfg"), "-o"], { core: SERVER_CORE, cwd: directory });
  const url = `http://127.0.0.1:${http}/janus`;
  while (child.exitCode === null && !(await fetch(`${url}/info`).catch(() => null))?.ok) await pause(0.1);
  return { process: child, pid: child.pid ?? 0, url, rtpPort: rtp };
}
