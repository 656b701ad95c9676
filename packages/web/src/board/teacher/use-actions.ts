/** Does actions of the board, and keeps why the last one was refused. */
import { useCallback, useState } from "react";
import { RoomError } from "../../room/room-error.ts";

export type Act = (action: () => Promise<unknown>) => void;

export function useActions(): { readonly failure: string | null; readonly act: Act } {
  const [failure, setFailure] = useState<string | null>(null);
  const act = useCallback((action: () => Promise<unknown>): void => {
    setFailure(null);
    action().catch((error: unknown) => {
      if (!(error instanceof RoomError)) throw error;
      if (error.code !== "offline") setFailure(error.code);
    });
  }, []);
  return { failure, act };
}
