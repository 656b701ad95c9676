/**
 * Sends a file as a material in parts, and goes on where it was when the connection or the page was lost: which upload a file belongs to is kept on the
 * device.
 */
import type { Material } from "@lectern/client";
import { ApiError, api, unwrap } from "../../session/api.ts";
import { forgetValue, keepValue, keptValue } from "../../session/kept-values.ts";

/** Lost with the connection, a part is sent again: on a slow line it takes some seconds. */
const PART_BYTES = 1024 * 1024;
const RETRY_MS = 2000;
const MAX_RETRY_MS = 15_000;
/** Refusals that pass. */
const PASSING = ["too-slow", "storage-away", "database-away", "control-away", "too-many", "draining"];

/** @param onProgress from 0 to 1. @throws ApiError when the server refuses the file; the signal's reason when it is aborted */
export async function uploadMaterial(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<Material> {
  const key = `lectern.upload ${file.name} ${file.size} ${file.lastModified}`;
  const material = (await begun(keptValue("device", key))) ?? (await begin(file));
  keepValue("device", key, material.id);
  let offset = material.uploaded;
  let failures = 0;
  while (offset < file.size) {
    signal.throwIfAborted();
    onProgress(offset / file.size);
    try {
      offset = await sendPart(material.id, file, offset, signal);
      failures = 0;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ApiError && !isPassing(error)) throw error;
      await pause(Math.min(MAX_RETRY_MS, RETRY_MS * 2 ** failures++), signal);
      offset = (await arrived(material.id)) ?? offset;
    }
  }
  forgetValue("device", key);
  onProgress(1);
  return await unwrap(api().GET("/api/v1/materials/{materialId}", pathOf(material.id)));
}

async function begin(file: File): Promise<Material> {
  const body = { filename: file.name, size: file.size };
  return await unwrap(api().POST("/api/v1/materials", { body }));
}

/** An upload of before that is not complete; null: there is none. */
async function begun(id: string | null): Promise<Material | null> {
  if (id === null) return null;
  const known = await unwrap(api().GET("/api/v1/materials/{materialId}", pathOf(id))).catch(() => null);
  return known?.state === "uploading" ? known : null;
}

/** @returns how much has arrived */
async function sendPart(id: string, file: File, offset: number, signal: AbortSignal): Promise<number> {
  const part = file.slice(offset, offset + PART_BYTES);
  await unwrap(
    api().PATCH("/api/v1/materials/{materialId}/content", {
      params: { path: { materialId: id } },
      headers: { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) },
      body: "",
      bodySerializer: () => part,
      signal,
    }),
  );
  return offset + part.size;
}

/** Null: it cannot be asked now. */
async function arrived(id: string): Promise<number | null> {
  const upload = await unwrap(api().GET("/api/v1/materials/{materialId}/content", pathOf(id))).catch(() => null);
  return upload?.offset ?? null;
}

/** Another part of this file was counted: how much has arrived is asked. */
function isPassing({ problem }: ApiError): boolean {
  return PASSING.includes(problem.code) || problem.code === "conflict";
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

function pathOf(materialId: string) {
  return { params: { path: { materialId } } };
}
