/**
 * Lists the messages between the frame of `/embed/NAME` and the page around it (HTML, cross-document messaging), docs/embed.md. There are none unless
 * the address names the page's origin: only that origin is told anything, and only its commands are followed.
 */
import { isRecord, numberIn, textIn } from "./message-fields.ts";

export const MESSAGE_VERSION = 1;

export type Command =
  | { readonly kind: "play" | "pause" | "mute" | "unmute" | "live" | "report" }
  | { readonly kind: "volume"; readonly volume: number }
  /** Seconds before now, or a time in milliseconds since 1970. */
  | { readonly kind: "seek"; readonly behind: number }
  | { readonly kind: "seek"; readonly at: number }
  /** The label of a rung; null for automatic. */
  | { readonly kind: "quality"; readonly label: string | null };

/** The part of a window that the messages need. */
export type FrameWindow = {
  readonly parent: { readonly postMessage: (message: unknown, origin: string) => void };
  readonly addEventListener: (type: "message", listener: (event: MessageEvent) => void) => void;
};

export type Messages = {
  readonly send: (type: string, detail: Readonly<Record<string, unknown>>) => void;
};

/**
 * @param origin of the page around the frame, as the address names it; null: there are no messages
 * @param stream name of the stream, which each message has
 */
export function openMessages(
  frame: FrameWindow,
  origin: string | null,
  stream: string,
  onCommand: (command: Command) => void,
): Messages {
  const { parent } = frame;
  if (origin === null || Object.is(parent, frame)) return { send: () => {} };
  frame.addEventListener("message", ({ source, origin: from, data }) => {
    const command = source === parent && from === origin ? readCommand(data) : null;
    if (command) onCommand(command);
  });
  return {
    send: (type, detail) => parent.postMessage({ source: "lectern", version: MESSAGE_VERSION, stream, type, ...detail }, origin),
  };
}

/** The origin that an address names, such as `https://school.example`; null for anything else. */
export function readOrigin(text: string | null): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && (text === origin || text === `${origin}/`) ? origin : null;
}

/** Null for what is no command. */
export function readCommand(data: unknown): Command | null {
  if (!isRecord(data) || data["target"] !== "lectern") return null;
  const kind = data["command"];
  switch (kind) {
    case "play":
    case "pause":
    case "mute":
    case "unmute":
    case "live":
    case "report":
      return { kind };
    case "volume": {
      const volume = numberIn(data, "volume");
      return volume === null ? null : { kind, volume };
    }
    case "seek": {
      const [behind, at] = [numberIn(data, "behind"), numberIn(data, "at")];
      if (behind !== null) return { kind, behind };
      return at === null ? null : { kind, at };
    }
    case "quality": {
      const label = textIn(data, "label");
      return label === null && data["label"] !== null ? null : { kind, label };
    }
    default:
      return null;
  }
}
