/** The side of the relay that wants a stream: asks a peer for its records, and hands them on as they come. */
import { connect } from "node:net";
import { Malformed } from "@lectern/media";
import { decodeRecord, type Loss, type Receiver, type Upstreams } from "../streams/index.ts";
import { frame, MESSAGE, MessageReader, REFUSED_VOID, VERSION } from "./messages.ts";

export type UpstreamEvents = {
  /** A peer sent what makes no sense; it is left. */
  readonly broken: (rule: string) => void;
  readonly received: (peer: string, bytes: number) => void;
};

/** @param addressOf the Unix socket of a peer */
export function relayUpstreams(addressOf: (peer: string) => string, events: UpstreamEvents): Upstreams {
  return { follow: (peer, stream, onLost) => followPeer(peer, addressOf(peer), stream, events, onLost) };
}

function followPeer(
  peer: string,
  path: string,
  stream: Receiver,
  events: UpstreamEvents,
  onLost: (loss: Loss) => void,
): () => void {
  const socket = connect(path);
  let open = true;
  const leave = (): void => {
    open = false;
    socket.destroy();
  };
  const lost = (loss: Loss): void => {
    if (!open) return;
    leave();
    onLost(loss);
  };
  const broken = (rule: string): void => {
    if (!open) return;
    events.broken(rule);
    lost("lost");
  };
  const reader = new MessageReader((type, body) => {
    if (!open) return;
    if (type === MESSAGE.accept) return;
    if (type === MESSAGE.refuse) return lost(Buffer.from(body).toString() === REFUSED_VOID ? "void" : "lost");
    if (type !== MESSAGE.record) return broken(`a relay message of the unknown type ${type}`);
    const record = decodeRecord(stream.epoch, body);
    if (record instanceof Malformed) broken(record.rule);
    else if (!stream.receive(record)) lost("void");
  });
  const { app, name, epoch, newest } = stream;
  const after = newest && { term: newest.term, sequence: newest.sequence };
  socket.write(frame(MESSAGE.follow, Buffer.from(JSON.stringify({ version: VERSION, app, name, epoch, after }))));
  socket.on("data", (bytes: Buffer) => {
    events.received(peer, bytes.length);
    const malformed = open ? reader.push(bytes) : null;
    if (malformed) broken(malformed.rule);
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => lost("lost"));
  return leave;
}
