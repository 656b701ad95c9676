/** Provides names of the processes of a node, and of the Unix sockets between them. */

/** The control process's Unix socket. */
export function controlSocket(directory: string): string {
  return `${directory}/control.sock`;
}

/** The Unix socket at which the control process answers the media workers of its node. */
export function workerLinkSocket(directory: string): string {
  return `${directory}/workers.sock`;
}

/** The Unix socket at which a worker's streams can be followed. */
export function relaySocket(directory: string, worker: string): string {
  return `${directory}/${worker}.sock`;
}

/** The name of a media worker; indexes begin at 0. */
export function workerName(index: number): string {
  return `media-${index + 1}`;
}

/** The index of a media worker; NaN for any other name. */
export function workerIndex(name: string): number {
  return Number(/^media-(\d+)$/.exec(name)?.[1]) - 1;
}
