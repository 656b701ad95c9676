/**
 * Keeps values in the page of the learning platform, where a frame gets no cookies: LTI Client Side postMessages 0.1 with the storage specification
 * 0.1 (`lti.put_data`, `lti.get_data`). Only answers of the platform's origin count.
 */

/** A platform that does not answer has no storage. */
const ANSWER_WITHIN_MS = 3000;

export type PlatformStorage = {
  /** The window that stores. */
  readonly window: Pick<Window, "postMessage">;
  readonly origin: string;
  /** Where answers arrive. */
  readonly own: Pick<Window, "addEventListener" | "removeEventListener">;
};

/** The storage of the page around this one; null where the platform names none. */
export function platformStorage(target: string, origin: string): PlatformStorage | null {
  if (target === "" || origin === "") return null;
  const around = window.parent === window ? window.opener : window.parent;
  if (!around) return null;
  const frame = target === "_parent" ? around : frameOf(around, target);
  return { window: frame ?? around, origin, own: window };
}

/** A frame beside this one, by its name. */
function frameOf(around: Window, name: string): Window | null {
  try {
    const frame: unknown = Reflect.get(around.frames, name);
    return typeof frame === "object" && frame !== null ? (frame as Window) : null;
  } catch {
    return null;
  }
}

/** Whether the platform has stored the value. */
export async function putValue(storage: PlatformStorage, key: string, value: string): Promise<boolean> {
  return (await ask(storage, "lti.put_data", { key, value })) !== null;
}

/** The value of a key; null where the platform has none, or does not answer. */
export async function getValue(storage: PlatformStorage, key: string): Promise<string | null> {
  const answer = await ask(storage, "lti.get_data", { key });
  const value = answer?.["value"];
  return typeof value === "string" ? value : null;
}

type Answer = Readonly<Record<string, unknown>>;

function ask(storage: PlatformStorage, subject: string, fields: Readonly<Record<string, string>>): Promise<Answer | null> {
  const { window: target, origin, own } = storage;
  const id = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return new Promise((resolve) => {
    const finish = (answer: Answer | null): void => {
      clearTimeout(timer);
      own.removeEventListener("message", listen);
      resolve(answer);
    };
    const listen = ({ data, origin: sender }: MessageEvent): void => {
      if (sender !== origin || typeof data !== "object" || data === null) return;
      if (data.subject !== `${subject}.response` || data.message_id !== id) return;
      finish(data.error ? null : data);
    };
    const timer = setTimeout(() => finish(null), ANSWER_WITHIN_MS);
    own.addEventListener("message", listen);
    target.postMessage({ subject, message_id: id, ...fields }, origin);
  });
}
