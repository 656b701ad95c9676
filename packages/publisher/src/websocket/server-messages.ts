/** Defines what the server tells a publisher by WebSocket: JSON in text messages. */

export type ServerMessage =
  | { readonly kind: "started" }
  | { readonly kind: "key-frame" }
  | { readonly kind: "received"; readonly timestamp: number | null; readonly bytes: number }
  | { readonly kind: "ended"; readonly code: string; readonly detail: string };

/** Null for what is not known here: a newer server may tell more. */
export function readServerMessage(data: unknown): ServerMessage | null {
  if (typeof data !== "string") return null;
  const message = parse(data);
  switch (message["kind"]) {
    case "started":
      return { kind: "started" };
    case "key-frame":
      return { kind: "key-frame" };
    case "received": {
      const { timestamp, bytes } = message;
      return {
        kind: "received",
        timestamp: typeof timestamp === "number" ? timestamp : null,
        bytes: typeof bytes === "number" ? bytes : 0,
      };
    }
    case "ended":
      return { kind: "ended", code: String(message["code"] ?? "ended"), detail: String(message["detail"] ?? "") };
    default:
      return null;
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
