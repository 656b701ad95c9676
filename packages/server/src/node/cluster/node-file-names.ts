/**
 * Provides names of recorded files between nodes: `NODE:PATH`, the path below the recordings' directory. A name without a node is a file of the node
 * that has the control process, as in databases from before there were clusters.
 */

export function fileOf(node: string, path: string): string {
  return `${node}:${path}`;
}

export function pathOf(file: string): string {
  return file.slice(file.indexOf(":") + 1);
}

/** Null for a name without a node. */
export function nodeOfFile(file: string): string | null {
  const at = file.indexOf(":");
  return at < 0 ? null : file.slice(0, at);
}

/** The node that serves a recording: the one that has its newest file. Null where that has no node in its name. */
export function nodeOfFiles(files: readonly string[]): string | null {
  return nodeOfFile(files.at(-1) ?? "");
}

/** The files as that node's disk names them; those of other nodes stay `NODE:PATH`. */
export function pathsAt(node: string | null, files: readonly string[]): string[] {
  return files.map((file) => (nodeOfFile(file) === node ? pathOf(file) : file));
}
