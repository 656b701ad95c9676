/** Defines how processes reach the files of teaching materials, on whichever node or in the object storage they are. */
import { mkdir, statfs } from "node:fs/promises";
import { directoriesOf } from "../../library/files/directories.ts";
import { MaterialFiles, materialsOf } from "../../library/materials/material-files.ts";
import { openStorage } from "../../library/storage/storage.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { MaterialStore } from "../../school/school.ts";
import { nodeId } from "../cluster/node-identity.ts";
import { type AskNode, nodeAskerOf } from "../ipc/node-questions.ts";
import type { ControlProcessOptions } from "./node-services.ts";

/** A part of an upload, or a picture, crosses the network of the cluster. */
const ANSWER_WITHIN_MS = 20_000;

/** Reads files of materials at other nodes. */
export function materialReader(askNode: AskNode): ConstructorParameters<typeof MaterialFiles>[0]["askNode"] {
  return async (node, id, file) => {
    const base64 = await askNode(node, "readMaterial", { id, file }, ANSWER_WITHIN_MS);
    return base64 === null ? null : Buffer.from(base64, "base64");
  };
}

export async function openMaterialStore(
  { supervisor }: Pick<ControlProcessOptions, "supervisor">,
  config: () => Config,
  isNodeUp: (node: string) => boolean,
): Promise<MaterialStore> {
  const { dataDir } = config();
  const self = nodeId(config());
  const storage = await openStorage(config(), directoriesOf(dataDir));
  const askNode = nodeAskerOf(supervisor);
  const files = new MaterialFiles({
    dataDir,
    self,
    store: storage?.store ?? null,
    askNode: materialReader(askNode),
  });
  return {
    self,
    maxBytes: () => config().materials.maxBytes,
    freeBytes: async () => {
      // It may be a disk of its own.
      await mkdir(materialsOf(dataDir), { recursive: true }).catch(() => {});
      return await statfs(materialsOf(dataDir)).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => null,
      );
    },
    isNodeUp: (node) => node === self || isNodeUp(node),
    write: async (node, id, offset, bytes) => {
      if (node === self) await files.write(id, offset, bytes);
      else await askNode(node, "writeUpload", { id, offset, base64: bytes.toString("base64") }, ANSWER_WITHIN_MS);
    },
    uploaded: async (node, id) => (node === self ? await files.uploaded(id) : await askNode(node, "uploadedBytes", { id })),
    reserve: (node, of) => askNode(node, "reserveMaterial", of),
    convert: (node, task, waitedMs) => askNode(node, "convertMaterial", { task, waitedMs }),
    read: (node, id, file) => files.read(id, file, node),
    readOriginal: (node, id) => files.read(id, "original", node),
    settle: async (node, id, bytes) => {
      if (!files.store) return node;
      await files.putOriginal(id, bytes);
      if (node === self) await files.removeHere(id);
      else await askNode(node, "removeMaterial", { id });
      return null;
    },
    remove: async (node, id, pages) => {
      await files.removeStored(id, pages);
      if (node === null || node === self) await files.removeHere(id);
      else await askNode(node, "removeMaterial", { id });
    },
  };
}
