/** Pulls from a camera or another RTSP server: ffmpeg speaks, through a relay on loopback that decides what it may reach. */
import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import { type FfmpegEvents, type FfmpegSource, startFfmpeg } from "./ffmpeg-source.ts";
import { startRtspRelay } from "./rtsp-relay.ts";
import type { Source, SourceContext } from "./source.ts";
import { type Address, portOf } from "./source-address.ts";

/** ffmpeg's parsers lose the time of the first picture. It is shown when it is decoded. */
const FIRST_TIME = ["-bsf:v", "setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)"];

const SOUND_UNKNOWN: JobProblem = { code: "sound-unknown", detail: "Its description has AAC without a configuration." };

/** @param host the address to connect to, looked up and allowed */
export function openRtsp(
  { url, transport }: Extract<Address, { kind: "rtsp" }>,
  host: string,
  context: SourceContext,
  events: FfmpegEvents,
  encodeSound: boolean,
): Source {
  let program: FfmpegSource | null = null;
  let closed = false;
  const close = (): void => {
    closed = true;
    relay.close();
    program?.close();
  };
  /** Where ffmpeg connects to, which says nothing to an operator. */
  let local: string | null = null;
  const end = (problem: JobProblem): void => {
    if (closed) return;
    close();
    events.onEnd(local === null ? problem : { ...problem, detail: problem.detail.replaceAll(local, url.host) });
  };
  const relay = startRtspRelay({
    host,
    port: portOf(url),
    onProblem: end,
    onSoundUnknown: () => events.onNotice?.(SOUND_UNKNOWN),
  });
  void relay.port.then((port) => {
    if (closed) return;
    local = `127.0.0.1:${port}`;
    const relayed = new URL(url);
    relayed.host = local;
    const args = [
      ...["-f", "rtsp", "-rtsp_transport", transport, "-allowed_media_types", "video+audio"],
      ...["-protocol_whitelist", transport === "udp" ? "tcp,udp,rtp" : "tcp", "-i", relayed.href],
      ...FIRST_TIME,
    ];
    program = startFfmpeg(
      context,
      { args, encodeSound },
      {
        ...events,
        onEnd: end,
        onUnsupportedSound: () => {
          close();
          events.onUnsupportedSound();
        },
      },
    );
  });
  return { close, pid: () => program?.pid() ?? null };
}
