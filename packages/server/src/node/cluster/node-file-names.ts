/**
 * Files of recordings, as nodes call them among each other: `NODE:PATH`, the path below the recordings' directory. Without a node it is one
 * of the node that has the control process: so they were called before there were others.
 */

export function fileOf(node: string, path: string): string {
  return `${node}:${path}`;
}

export function pathOf(file: string): string {
  return file.slice(file.indexOf(":") + 1);
}

/** Null where it does not say. */
export function nodeOfFile(file: string): string | null {
  const at = file.indexOf(":");
  return at < 0 ? null : file.slice(0, at);
}
