/** Provides the socket of a room, which may be opened before the code of the room is there: what it says meanwhile is kept. */

const SUBPROTOCOL = "lectern.room.v1";
/** A socket that nobody wants is closed: the room counts its person as present. */
const WAITS_MS = 10_000;

type OpenedSocket = {
  readonly socket: WebSocket;
  /** What it has said, the oldest first. */
  readonly heard: readonly MessageEvent[];
};

let ahead: (OpenedSocket & { readonly address: string; readonly heard: MessageEvent[] }) | null = null;

/** The path of a room's socket. @param link any signed address of the lesson: its query is the credential of the room */
export function roomSocket(code: string, link: string): string {
  return `/api/v1/rooms/${encodeURIComponent(code)}/socket${new URL(link, location.href).search}`;
}

/** @param address of the socket, as for `openedSocket` */
export function preconnectSocket(address: string): void {
  const opened = { ...open(address), address, heard: [] as MessageEvent[] };
  opened.socket.onmessage = (event) => opened.heard.push(event);
  ahead = opened;
  setTimeout(() => {
    if (ahead === opened) take()?.socket.close();
  }, WAITS_MS);
}

/** The socket at this address: the one that was opened ahead, where it is there still, or another one. It has no listeners that count. */
export function openedSocket(address: string): OpenedSocket {
  if (ahead?.address !== address) return open(address);
  const opened = take();
  return opened && opened.socket.readyState <= WebSocket.OPEN ? opened : open(address);
}

function take(): OpenedSocket | null {
  const taken = ahead;
  ahead = null;
  return taken;
}

function open(address: string): OpenedSocket {
  const url = new URL(address, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return { socket: new WebSocket(url, SUBPROTOCOL), heard: [] };
}
