/** Names the files of downloads with a watermark, below the data directory: a folder for each while it is made, then one file. */
import { join } from "node:path";

type DownloadName = { readonly id: string; readonly recording: string };

/** In a folder while it is made. */
export const MADE_FILE = "download.mp4";
/** Names of downloads: 160 random bits. */
export const DOWNLOAD_ID = "[A-Za-z0-9_-]{27}";

export function downloadsOf(dataDir: string): string {
  return join(dataDir, "downloads");
}

/** The file when it is whole. */
export function downloadPath(dataDir: string, { recording, id }: DownloadName): string {
  return join(downloadsOf(dataDir), `${recording}-${id}.mp4`);
}

/** The folder while it is made. */
export function makingFolder(dataDir: string, { recording, id, attempt }: DownloadName & { readonly attempt: number }): string {
  return join(downloadsOf(dataDir), `${recording}-${id}.${attempt}`);
}
