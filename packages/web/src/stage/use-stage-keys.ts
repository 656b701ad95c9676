/** Asks the room for the keys of its stage, and again each minute, so that there is a valid one when a connection breaks. */
import { useEffect, useState } from "react";
import { looksOn } from "../room/roles.ts";
import { RoomError } from "../room/room-error.ts";
import type { Room } from "../room/use-room.ts";
import { readStageKeys, type StageKeys } from "./stage-keys.ts";

const RENEW_MS = 60_000;
const RETRY_MS = 3000;

export type KeysOfStage = {
  readonly keys: StageKeys;
  /** Why there are none; null: there are, or it is not known yet. */
  readonly refusal: { readonly code: string; readonly detail: string } | null;
};

const NONE: KeysOfStage = { keys: { publish: null, play: null }, refusal: null };

/**
 * Who looks on, and who gets no key to publish with, is given a link to play the others alone.
 * @param wanted what makes other keys: they are asked for again when it changes. Null: none are needed
 */
export function useStageKeys(room: Pick<Room, "send" | "status" | "you">, wanted: string | null): KeysOfStage {
  const { send, status } = room;
  const publishes = !looksOn(room);
  const [keys, setKeys] = useState(NONE);
  useEffect(() => {
    if (wanted === null) return setKeys(NONE);
    let timer: ReturnType<typeof setTimeout> | null = null;
    let isOver = false;
    const ask = async (): Promise<void> => {
      const answer = await askOnce(send, publishes);
      if (isOver) return;
      if (answer !== null) setKeys(answer);
      timer = setTimeout(() => void ask(), answer === null ? RETRY_MS : RENEW_MS);
    };
    if (status === "open") void ask();
    return () => {
      isOver = true;
      if (timer) clearTimeout(timer);
    };
  }, [send, status, wanted, publishes]);
  return keys;
}

/** Null: it is to be asked again soon. */
async function askOnce(send: Room["send"], publishes: boolean): Promise<KeysOfStage | null> {
  const own = await askFor(send, publishes);
  if (!publishes || own === null || own.refusal === null) return own;
  const others = await askFor(send, false);
  return others && { ...others, refusal: own.refusal };
}

async function askFor(send: Room["send"], publish: boolean): Promise<KeysOfStage | null> {
  try {
    const { answer } = await send("stage", publish ? { action: "key" } : { action: "key", publish });
    return { keys: readStageKeys(answer), refusal: null };
  } catch (error) {
    if (!(error instanceof RoomError) || error.code === "offline") return null;
    return { ...NONE, refusal: { code: error.code, detail: error.detail ?? "" } };
  }
}
