/** Measures what a person's connection carries to the server, before a lesson. */

export type UplinkMeasurement = {
  /** Kilobits per second that arrived at the server. */
  readonly kbps: number;
  readonly rttMs: number;
};

/**
 * Sends at most 2 MB, for at most 3 s.
 * @param address the stream's, `https://HOST/APP/NAME`
 * @param key its publish key
 * @throws UplinkError with the server's code, or `network`
 */
export function measureUplink(_address: string, _key: string, _signal?: AbortSignal): Promise<UplinkMeasurement> {
  throw new Error("not built yet");
}

export class UplinkError extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = "UplinkError";
    this.code = code;
  }
}
