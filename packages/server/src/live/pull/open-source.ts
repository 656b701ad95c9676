/** Opens the source that an address names: by our own clients, or by ffmpeg. */
import { resolveAllowed } from "../../platform/public-address.ts";
import { openCamera } from "./camera-source.ts";
import type { FfmpegEvents } from "./ffmpeg-source.ts";
import { openFile } from "./file-source.ts";
import { openHttp } from "./http-source.ts";
import { listenerProblem, openSrt, openUdp, udpProblem } from "./network-source.ts";
import { openRtmp } from "./rtmp-source.ts";
import { openRtsp } from "./rtsp-source.ts";
import type { Source, SourceContext, SourceEvents } from "./source.ts";
import { type Address, isProblem, notAllowed, readAddress } from "./source-address.ts";

/** Addresses whose sound has to be encoded: known once it has been tried. */
export type SoundMemory = Set<string>;

/**
 * Connects at once. Sound that cannot be copied is noticed by the first try; then the source is opened again, and sound is encoded from then on.
 * An encoder waits for sound, though, and holds the pictures back: where nothing came, the next try copies again.
 * @param text the address
 */
export function openSource(text: string, context: SourceContext, memory: SoundMemory, events: SourceEvents): Source {
  const address = readAddress(text);
  let current: Source;
  let delivers = false;
  const forget = (): void => {
    if (!delivers) memory.delete(text);
  };
  const open = (): Source =>
    openAddress(address, context, memory.has(text), {
      onHeard: events.onHeard,
      onNotice: (notice) => events.onNotice?.(notice),
      onMessage: (message) => {
        delivers = true;
        events.onMessage(message);
      },
      onEnd: (problem) => {
        forget();
        events.onEnd(problem);
      },
      onUnsupportedSound: () => {
        memory.add(text);
        delivers = false;
        current = open();
      },
    });
  current = open();
  const close = (): void => {
    forget();
    current.close();
  };
  return { close, pid: () => current.pid() };
}

function openAddress(
  address: ReturnType<typeof readAddress>,
  context: SourceContext,
  encodeSound: boolean,
  events: FfmpegEvents,
): Source {
  if (isProblem(address)) return failing(events, address);
  switch (address.kind) {
    case "http":
      return openHttp(address.url, context, events, encodeSound);
    case "file":
      return openFile(address.path, context, events, encodeSound);
    case "camera":
      return openCamera(address, context, events);
    case "udp": {
      const problem = udpProblem(address, context.isAllowed);
      return problem ? failing(events, problem) : openUdp(address, context, events, encodeSound);
    }
    case "rtmp":
      return openResolved(address.url.hostname, context, events, (host) => openRtmp(address.url, host, context, events));
    case "rtsp":
      return openResolved(address.url.hostname, context, events, (host) => openRtsp(address, host, context, events, encodeSound));
    case "srt":
      return openAnySrt(address, context, events, encodeSound);
  }
}

function openAnySrt(
  address: Extract<Address, { kind: "srt" }>,
  context: SourceContext,
  events: FfmpegEvents,
  encodeSound: boolean,
): Source {
  const open = (host: string): Source => openSrt(address, host, context, events, encodeSound);
  if (address.mode === "caller") return openResolved(address.host, context, events, open);
  const problem = listenerProblem(address);
  return problem ? failing(events, problem) : open(address.host);
}

/** Connects to the address that was checked, and not to the name, which may lead elsewhere a moment later. */
function openResolved(name: string, context: SourceContext, events: SourceEvents, open: (host: string) => Source): Source {
  let source: Source | null = null;
  let closed = false;
  void resolveAllowed(name, context.isAllowed).then((found) => {
    if (closed) return;
    if (found.kind === "unknown") return events.onEnd({ code: "unreachable", detail: found.cause.message });
    const [first] = found.kind === "addresses" ? found.addresses : [];
    if (first) source = open(first.address);
    else events.onEnd(notAllowed(name));
  });
  const close = (): void => {
    closed = true;
    source?.close();
  };
  return { close, pid: () => source?.pid() ?? null };
}

/** One that ends before it has begun, but not before its owner knows it. */
function failing({ onEnd }: SourceEvents, problem: Parameters<SourceEvents["onEnd"]>[0]): Source {
  let closed = false;
  queueMicrotask(() => {
    if (!closed) onEnd(problem);
  });
  const close = (): void => {
    closed = true;
  };
  return { close, pid: () => null };
}
