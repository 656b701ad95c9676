/** Provides a WHEP viewer that looks at every packet: libdatachannel, without a decoder. */
import { PeerConnection, type Track, Video } from "node-datachannel";
import type { Scope } from "./lectern.ts";
import { endWithThreads } from "./library-threads.ts";

export type SeenPacket = {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly nalType: number;
};

export type PacketViewer = {
  readonly status: number;
  /** Of the refusal, or of the session. */
  readonly body: string;
  readonly location: string | null;
  readonly packets: readonly SeenPacket[];
  /** The server has ended the connection. */
  readonly isOver: () => boolean;
  /** Sends any bytes as RTP or RTCP. */
  readonly send: (bytes: Buffer) => boolean;
};

endWithThreads();

/** An offer that takes H.264, as it is sent. */
export async function offerOf(connection: PeerConnection): Promise<{ readonly sdp: string; readonly track: Track }> {
  const video = new Video("0", "SendRecv");
  video.addH264Codec(102);
  video.addSSRC(77, "viewer");
  const track = connection.addTrack(video);
  const gathered = new Promise<void>((resolve) => {
    connection.onGatheringStateChange((state) => state === "complete" && resolve());
  });
  connection.setLocalDescription("offer");
  await gathered;
  return { sdp: connection.localDescription()?.sdp ?? "", track };
}

export function postOffer(url: string, sdp: string): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/sdp" }, body: sdp });
}

export async function watchPackets(t: Scope, url: string): Promise<PacketViewer> {
  const connection = new PeerConnection("viewer", { iceServers: [] });
  t.after(() => connection.close());
  const { sdp, track } = await offerOf(connection);
  const packets: SeenPacket[] = [];
  let state = "new";
  connection.onStateChange((now) => {
    state = now;
  });
  track.onMessage((packet) => {
    const type = packet[1] ?? 0;
    if (type >= 192 && type <= 223) return;
    // Extensions of one byte, of which each packet has as many.
    const head = 12 + ((packet[0] ?? 0) & 0x10 ? 4 + packet.readUInt16BE(14) * 4 : 0);
    packets.push({
      sequence: packet.readUInt16BE(2),
      timestamp: packet.readUInt32BE(4),
      marker: (type & 0x80) !== 0,
      nalType: (packet[head] ?? 0) & 31,
    });
  });
  const answer = await postOffer(url, sdp);
  const body = await answer.text();
  if (answer.status === 201) connection.setRemoteDescription(body, "answer");
  const location = answer.headers.get("location");
  return {
    status: answer.status,
    body,
    packets,
    location: location && new URL(location, url).href,
    isOver: () => state === "closed" || state === "disconnected",
    send: (bytes) => {
      try {
        return track.sendMessageBinary(bytes);
      } catch {
        return false;
      }
    },
  };
}
