/** Recorded files of other nodes, named `NODE:PATH`, read over the connections between nodes. They are whole, and do not change. */
import type { ByteSource } from "../../library/files/disk.ts";
import { MOST_RECORDED_BYTES, recordedFileAddress } from "../../library/replay/recorded-file-door.ts";
import { nodeOfFile, pathOf } from "./node-file-names.ts";

/** Gives what a node answers. */
export type AskNode = (node: string, address: string) => Promise<{ readonly status: number; readonly bytes: Buffer }>;

/** Reading fails where the node is not reachable. */
export function remoteFiles(ask: AskNode): ByteSource {
  return {
    read: async (file, from, to) => {
      const pieces: Buffer[] = [];
      for (let at = from; at < to; ) {
        const end = Math.min(to, at + MOST_RECORDED_BYTES);
        const { status, bytes } = await ask(nodeOfFile(file) ?? "", recordedFileAddress(pathOf(file), at, end));
        if (status === 404) return null;
        if (status !== 200) throw new Error(`another node answered ${status} for a recorded file`);
        pieces.push(bytes);
        at += bytes.length;
        // The file ends here.
        if (at < end) break;
      }
      return Buffer.concat(pieces);
    },
    version: async (file) => file,
  };
}
