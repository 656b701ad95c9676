/** Defines what the school asks of recorded files, at the node that has them. */
import type { DownloadOrder } from "../../contracts/recordings/download-messages.ts";
import type { RecordingLibrary } from "../../school/school.ts";
import { fileOf, nodeOfFile, nodeOfFiles, pathOf } from "../cluster/node-file-names.ts";
import type { AskNode } from "../ipc/node-questions.ts";

/** To cut or delete hours of video. */
export const FILES_WITHIN_MS = 60_000;

/** @param self the node of files without one */
export function recordedFiles(
  self: string,
  askNode: AskNode,
): Pick<RecordingLibrary, "clip" | "orderDownload" | "findDownload" | "cancelDownload" | "remove"> {
  const nodeWith = (files: readonly string[]) => nodeOfFiles(files) ?? self;
  return {
    clip: (files, from, to) => askNode(nodeWith(files), "clip", { files, from, to }, FILES_WITHIN_MS),
    orderDownload: async (files, of) => {
      const node = nodeWith(files);
      return await askNode(node, "orderDownload", withPaths(of, node, self));
    },
    findDownload: (files, of) => askNode(nodeWith(files), "findDownload", of),
    cancelDownload: (files, of) => askNode(nodeWith(files), "cancelDownload", of),
    remove: async (files) => {
      for (const group of Map.groupBy(files, nodeOfFile).values())
        await askNode(nodeWith(group), "removeFiles", { files: group }, FILES_WITHIN_MS);
    },
  };
}

/** The files of a picture as the node's disk names them; those of other nodes stay `NODE:PATH`. */
function withPaths(order: DownloadOrder, node: string, self: string): DownloadOrder {
  const { picture } = order;
  if (!picture) return order;
  const nameOf = (file: string): string => {
    const of = nodeOfFile(file) ?? self;
    return of === node ? pathOf(file) : fileOf(of, pathOf(file));
  };
  const people = picture.people.map(({ recordings, ...of }) => ({ ...of, recordings: recordings.map((all) => all.map(nameOf)) }));
  return { ...order, picture: { ...picture, people } };
}
