/** Keeps what part of the page is shown: this person sees a change at once, and the room hears of it a few times a second. */
import { useEffect, useMemo, useRef } from "react";
import type { Room } from "../../room/use-room.ts";
import { showPage } from "../pages/page-actions.ts";
import type { View } from "../pages/view-box.ts";

const EACH_MS = 400;

/** @param onView null: the page is shown as others show it */
export function useSharedView(
  room: Room,
  page: string,
  onView: ((page: string, view: View | null) => void) | null,
): (view: View | null) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  const { send } = room;
  return useMemo(() => {
    let wanted: View | null = null;
    return (view) => {
      if (!onView) return;
      onView(page, view);
      wanted = view;
      timer.current ??= setTimeout(() => {
        timer.current = null;
        // The next change is sent again; the page itself does not depend on it.
        void showPage({ send }, page, wanted).catch(() => {});
      }, EACH_MS);
    };
  }, [send, page, onView]);
}
